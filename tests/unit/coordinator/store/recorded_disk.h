// A disk that remembers what was not synced yet, and what it may hold after a power cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace plasa::store {

// One operation on the files of a directory, in the order the database asked for them.
struct DiskOperation {
  enum class Kind { kCreate, kWrite, kTruncate, kSync, kDelete, kSyncDirectory };
  Kind kind = Kind::kWrite;
  std::string name;   // of the file in its directory
  uint64_t at = 0;    // kWrite: offset; kTruncate: new size
  std::string bytes;  // kWrite
};

using Files = std::map<std::string, std::string>;  // bytes by name

// The least that POSIX promises: a file's bytes and length are there once it was synced, its name (or that it is gone)
// once its directory was. Of everything later any part may be there.
class RecordedDisk {
 public:
  // What is on the disk to begin with.
  explicit RecordedDisk(const Files& durable = {});

  void Apply(const DiskOperation& operation);

  // What a power cut at this moment leaves: all that was synced, and an arbitrary part of the rest; a write may be
  // torn at the borders of 512-byte sectors, and leave zeros where the file grew and its bytes did not come.
  [[nodiscard]] Files AfterPowerCut(std::mt19937& random) const;

  // Writes and changes of length that are not synced.
  [[nodiscard]] size_t unsynced() const;

 private:
  struct File {
    std::string durable;
    std::vector<DiskOperation> unsynced;
  };
  using FileNumber = size_t;                        // place in files_
  using Name = std::pair<std::string, FileNumber>;  // kGone: the name was removed
  static constexpr FileNumber kGone = static_cast<FileNumber>(-1);

  void SetName(const std::string& name, FileNumber file);
  [[nodiscard]] std::map<std::string, FileNumber> NamesAfterPowerCut(std::mt19937& random) const;

  std::vector<File> files_;
  std::map<std::string, FileNumber> names_;          // as programs see them
  std::map<std::string, FileNumber> durable_names_;  // as the disk has them
  std::vector<Name> unsynced_names_;                 // in the order they changed
};

}  // namespace plasa::store
