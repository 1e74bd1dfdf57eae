#include "recording_vfs.h"

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace plasa::store {
namespace {

std::mutex mutex;  // guards operations
std::vector<DiskOperation> operations;

sqlite3_vfs* Unix() {
  static sqlite3_vfs* const found = sqlite3_vfs_find("unix");
  return found;
}

void Note(DiskOperation operation) {
  const std::lock_guard lock(mutex);
  operations.push_back(std::move(operation));
}

std::string NameOf(const char* path) { return std::filesystem::path(path).filename(); }

// What SQLite holds of an open file; the file of "unix" lies behind it.
struct RecordedFile {
  sqlite3_file base;
  std::string* name;  // null: not recorded
  bool sync_directory;
};

RecordedFile* Ours(sqlite3_file* file) { return reinterpret_cast<RecordedFile*>(file); }

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(Ours(file) + 1); }

int Close(sqlite3_file* file) {
  delete Ours(file)->name;
  return Real(file)->pMethods->xClose(Real(file));
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return Real(file)->pMethods->xRead(Real(file), to, size, at);
}

int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const int code = Real(file)->pMethods->xWrite(Real(file), from, size, at);
  if (code == SQLITE_OK && Ours(file)->name != nullptr) {
    Note({DiskOperation::Kind::kWrite, *Ours(file)->name, static_cast<uint64_t>(at),
          std::string(static_cast<const char*>(from), static_cast<size_t>(size))});
  }
  return code;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int code = Real(file)->pMethods->xTruncate(Real(file), size);
  if (code == SQLITE_OK && Ours(file)->name != nullptr)
    Note({DiskOperation::Kind::kTruncate, *Ours(file)->name, static_cast<uint64_t>(size), ""});
  return code;
}

int Sync(sqlite3_file* file, int flags) {
  const int code = Real(file)->pMethods->xSync(Real(file), flags);
  if (code != SQLITE_OK || Ours(file)->name == nullptr) return code;
  Note({DiskOperation::Kind::kSync, *Ours(file)->name, 0, ""});
  if (std::exchange(Ours(file)->sync_directory, false)) Note({DiskOperation::Kind::kSyncDirectory, "", 0, ""});
  return code;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) { return Real(file)->pMethods->xFileSize(Real(file), size); }

int Lock(sqlite3_file* file, int level) { return Real(file)->pMethods->xLock(Real(file), level); }

int Unlock(sqlite3_file* file, int level) { return Real(file)->pMethods->xUnlock(Real(file), level); }

int CheckReservedLock(sqlite3_file* file, int* held) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), held);
}

int FileControl(sqlite3_file* file, int what, void* argument) {
  return Real(file)->pMethods->xFileControl(Real(file), what, argument);
}

int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }

int DeviceCharacteristics(sqlite3_file* file) { return Real(file)->pMethods->xDeviceCharacteristics(Real(file)); }

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** to) {
  return Real(file)->pMethods->xShmMap(Real(file), region, size, extend, to);
}

int ShmLock(sqlite3_file* file, int offset, int n, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, n, flags);
}

void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }

int ShmUnmap(sqlite3_file* file, int remove) { return Real(file)->pMethods->xShmUnmap(Real(file), remove); }

// Version 2: without the calls for mapped files, which could not be recorded.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  constexpr int kLogs = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  const bool recorded = path != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | kLogs)) != 0;
  const bool made = recorded && (flags & SQLITE_OPEN_CREATE) != 0 && access(path, F_OK) != 0;
  RecordedFile* ours = new (file) RecordedFile{};
  Real(file)->pMethods = nullptr;
  const int code = Unix()->xOpen(Unix(), path, Real(file), flags, out_flags);
  if (Real(file)->pMethods == nullptr) return code;  // there is nothing to close
  ours->base.pMethods = &kMethods;
  if (!recorded || code != SQLITE_OK) return code;
  ours->name = new std::string(NameOf(path));
  // "unix" syncs the directory with the first sync of a log that was opened to be made.
  ours->sync_directory = (flags & kLogs) != 0 && (flags & SQLITE_OPEN_CREATE) != 0;
  if (made) Note({DiskOperation::Kind::kCreate, *ours->name, 0, ""});
  return code;
}

int Delete(sqlite3_vfs*, const char* path, int sync_directory) {
  const int code = Unix()->xDelete(Unix(), path, sync_directory);
  if (code != SQLITE_OK) return code;
  Note({DiskOperation::Kind::kDelete, NameOf(path), 0, ""});
  if (sync_directory != 0) Note({DiskOperation::Kind::kSyncDirectory, "", 0, ""});
  return code;
}

sqlite3_vfs* Recording() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made = *Unix();
    made.pNext = nullptr;
    made.zName = "recording";
    made.szOsFile += static_cast<int>(sizeof(RecordedFile));
    made.xOpen = Open;
    made.xDelete = Delete;
    return made;
  }();
  return &vfs;
}

}  // namespace

RecordingVfs::RecordingVfs() {
  static_cast<void>(Take());
  sqlite3_vfs_register(Recording(), 1);
}

RecordingVfs::~RecordingVfs() {
  sqlite3_vfs_register(Unix(), 1);
  sqlite3_vfs_unregister(Recording());
}

size_t RecordingVfs::size() const {
  const std::lock_guard lock(mutex);
  return operations.size();
}

std::vector<DiskOperation> RecordingVfs::Take() {
  const std::lock_guard lock(mutex);
  return std::exchange(operations, {});
}

}  // namespace plasa::store
