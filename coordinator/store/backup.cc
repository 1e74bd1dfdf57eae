#include "coordinator/store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/artifact_path.h"
#include "common/runtime/durable_file.h"
#include "coordinator/store/artifact_references.h"
#include "coordinator/store/copy_file.h"
#include "coordinator/store/database_file.h"
#include "coordinator/store/schema.h"
#include "coordinator/store/snapshot.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxHeld = 256;  // files held open while the database is copied
constexpr int kMaxRounds = 50;

absl::Status Exists(const std::string& path) {
  return absl::AlreadyExistsError(absl::StrCat(path, " exists (name a directory that is not there yet)"));
}

// A directory beside `target` that becomes it, or goes.
class Staging {
 public:
  static absl::StatusOr<Staging> Beside(const std::string& target) {
    std::string path = target + ".partial-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) return FileError("make", path, errno);
    return Staging(std::move(path));
  }
  Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  Staging& operator=(Staging&&) = delete;
  ~Staging() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

  absl::Status Become(const std::string& target) {
    if (absl::Status synced = SyncTree(path_); !synced.ok()) return synced;
    if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno == EEXIST) return Exists(target);
      // Some network file systems cannot refuse to replace; there was nothing to replace a moment ago.
      if (errno != EINVAL || rename(path_.c_str(), target.c_str()) != 0) return FileError("make", target, errno);
    }
    path_.clear();
    return SyncDirectory(fs::path(target).parent_path().string());
  }

 private:
  explicit Staging(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

using HeldFiles = std::map<std::string, UniqueFd>;

// Copies database and artifacts so that they fit. A file is removed as soon as the last row that names it is gone, and
// can be read as long as it is held open: so the files that a moment of the database names are opened first, then its
// pages are copied, then the files. What was copied in an earlier round need not be held.
class Copier {
 public:
  Copier(Queries source, const std::string& state_dir, std::string to)
      : source_(std::move(source)), from_root_(state_dir + "/artifacts"), to_(std::move(to)) {}

  absl::Status CopyAll() {
    for (int round = 0; round < kMaxRounds; ++round) {
      const absl::StatusOr<bool> done = Round();
      if (!done.ok()) return done.status();
      if (*done) return DropUnnamed();
    }
    return absl::UnavailableError("artifacts change faster than they can be copied; try again later");
  }

  [[nodiscard]] const CopySummary& summary() const { return summary_; }

 private:
  // False when it must be tried again at a later moment.
  absl::StatusOr<bool> Round() {
    HeldFiles held;
    {
      const Snapshot moment(source_.connection());
      if (!moment.begun().ok()) return moment.begun();
      absl::StatusOr<std::set<std::string>> named = ReferencedArtifacts(source_);
      if (!named.ok()) return named.status();
      named_ = *std::move(named);
      const absl::StatusOr<bool> all = Hold(&held);
      if (!all.ok()) return all;
      if (*all) {
        if (absl::Status copied = CopyDatabase(); !copied.ok()) return copied;
      }
      complete_ = *all;
    }
    for (const auto& [sha256, file] : held) {
      if (absl::Status copied = Copy(sha256, file); !copied.ok()) return copied;
    }
    return complete_;
  }

  // Opens what is not copied yet. True when nothing is missing but what was missing a moment ago, too.
  absl::StatusOr<bool> Hold(HeldFiles* held) {
    std::set<std::string> gone;
    for (const std::string& sha256 : named_) {
      if (copied_.count(sha256) > 0) continue;
      if (held->size() >= kMaxHeld) return false;
      absl::StatusOr<UniqueFd> file = OpenToRead(ArtifactPath(from_root_, sha256));
      if (absl::IsNotFound(file.status())) {
        gone.insert(sha256);
      } else if (!file.ok()) {
        return file.status();
      } else {
        held->emplace(sha256, *std::move(file));
      }
    }
    const bool known = std::includes(gone_.begin(), gone_.end(), gone.begin(), gone.end());
    gone_ = std::move(gone);
    return known;
  }

  absl::Status Copy(const std::string& sha256, const UniqueFd& file) {
    const std::string path = ArtifactPath(to_ + "/artifacts", sha256);
    if (absl::Status made = MakeDirectories(fs::path(path).parent_path().string(), 0700); !made.ok()) return made;
    const auto copied = CopyFile(file, ArtifactPath(from_root_, sha256), path);
    if (!copied.ok()) return copied.status();
    copied_[sha256] = {copied->bytes, copied->sha256 == sha256};
    return absl::OkStatus();
  }

  absl::Status CopyDatabase() {
    const std::string path = DatabasePath(to_);
    const auto target = Connection::OpenWriter(path);
    if (!target.ok()) return target.status();
    absl::Status copied = target->Execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");  // synced at the end
    return copied.ok() ? source_.connection().CopyPagesTo(*target) : copied;
  }

  // Keeps of the copied files those that the copied database names, and counts.
  absl::Status DropUnnamed() {
    summary_.missing.assign(gone_.begin(), gone_.end());
    for (const auto& [sha256, file] : copied_) {
      if (named_.count(sha256) > 0 && file.sound) {
        ++summary_.artifacts;
        summary_.artifact_bytes += file.bytes;
        continue;
      }
      if (named_.count(sha256) > 0) summary_.missing.push_back(sha256);
      const std::string path = ArtifactPath(to_ + "/artifacts", sha256);
      if (unlink(path.c_str()) != 0) return FileError("remove", path, errno);
    }
    std::sort(summary_.missing.begin(), summary_.missing.end());
    return absl::OkStatus();
  }

  struct Artifact {
    uint64_t bytes;
    bool sound;  // has its digest
  };

  Queries source_;
  const std::string from_root_;
  const std::string to_;
  std::set<std::string> named_;  // by the database at the moment of this round
  std::set<std::string> gone_;   // of these, without a file
  std::map<std::string, Artifact> copied_;
  bool complete_ = false;
  CopySummary summary_;
};

// Looks at the copy, and makes it one file that can be read from anywhere.
absl::Status CheckCopy(const std::string& path) {
  const auto copy = Connection::OpenWriter(path);
  if (!copy.ok()) return copy.status();
  absl::Status sound = CheckWhole(*copy, path);
  return sound.ok() ? copy->Execute("PRAGMA journal_mode=DELETE") : sound;
}

absl::StatusOr<CopySummary> CopyInto(const std::string& state_dir, const std::string& to) {
  absl::StatusOr<Connection> source = Connection::OpenReader(DatabasePath(state_dir));
  if (!source.ok()) return source.status();
  if (absl::Status ours = CheckSchema(*source, DatabasePath(state_dir)); !ours.ok()) return ours;
  Copier copier(Queries(*std::move(source)), state_dir, to);
  if (absl::Status copied = copier.CopyAll(); !copied.ok()) return copied;
  if (absl::Status sound = CheckCopy(DatabasePath(to)); !sound.ok()) return sound;
  CopySummary summary = copier.summary();
  if (absl::Status counted = CountRows(DatabasePath(to), &summary); !counted.ok()) return counted;
  return summary;
}

absl::Status CopyEndpoints(const std::string& state_dir, const std::string& to) {
  const auto text = ReadWholeFile(state_dir + "/endpoints.json");
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  return text.ok() ? WriteFileDurably(to + "/endpoints.json", *text) : text.status();
}

absl::Status SyncFile(const std::string& path) {
  const auto file = OpenToRead(path);
  if (!file.ok()) return file.status();
  return fsync(file->get()) == 0 ? absl::OkStatus() : FileError("sync", path, errno);
}

}  // namespace

absl::Status CountRows(const std::string& path, CopySummary* summary) {
  const auto connection = Connection::OpenWriter(path);
  if (!connection.ok()) return connection.status();
  const auto sweeps = connection->QueryInt("SELECT count(*) FROM sweeps");
  if (!sweeps.ok()) return sweeps.status();
  const auto trials = connection->QueryInt("SELECT count(*) FROM trials");
  if (!trials.ok()) return trials.status();
  std::error_code error;
  summary->sweeps = *sweeps;
  summary->trials = *trials;
  summary->database_bytes = fs::file_size(path, error);
  return error ? FileError("look at", path, error.value()) : absl::OkStatus();
}

absl::StatusOr<CopySummary> BackUp(const std::string& state_dir, const std::string& to) {
  std::error_code error;
  const std::string target = (fs::absolute(to) / "").lexically_normal().parent_path().string();
  if (!fs::exists(DatabasePath(state_dir), error)) {
    return absl::NotFoundError(
        absl::StrCat("no coordinator has kept anything in ", state_dir, " (name its state directory with --state)"));
  }
  if (fs::exists(fs::symlink_status(target, error))) return Exists(target);
  absl::StatusOr<Staging> staging = Staging::Beside(target);
  if (!staging.ok()) return staging.status();
  absl::StatusOr<CopySummary> summary = CopyInto(state_dir, staging->path());
  if (!summary.ok()) return absl::IsDataLoss(summary.status()) ? ExplainOpening(state_dir, summary.status()) : summary;
  absl::Status done = CopyFilesOf(state_dir + "/tokens", staging->path() + "/tokens");
  if (done.ok()) done = CopyEndpoints(state_dir, staging->path());
  if (done.ok()) done = SyncFile(DatabasePath(staging->path()));
  if (done.ok()) done = staging->Become(target);
  if (!done.ok()) return done;
  return summary;
}

}  // namespace plasa::store
