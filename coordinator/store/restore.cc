#include "coordinator/store/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json/serialize.hpp"
#include "common/runtime/artifact_path.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/file_lock.h"
#include "common/runtime/json.h"
#include "coordinator/store/artifact_references.h"
#include "coordinator/store/copy_file.h"
#include "coordinator/store/counters.h"
#include "coordinator/store/database_file.h"
#include "coordinator/store/restore_switch.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;

constexpr char kNote[] = "/restored.json";

bool IsThere(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

absl::StatusOr<FileLock> TakeStopped(const std::string& state_dir) {
  if (absl::Status made = MakeDirectories(state_dir, 0700); !made.ok()) return made;
  absl::StatusOr<FileLock> lock = FileLock::Take(state_dir + "/coordinator.lock");
  if (!absl::IsFailedPrecondition(lock.status())) return lock;
  return absl::FailedPreconditionError(
      absl::StrCat("a coordinator runs on ", state_dir,
                   " (stop it first: end `plasactl up`, or systemctl stop plasa-coordinator; workers may go on)"));
}

// A directory that a coordinator writes to cannot be copied file by file.
absl::Status CheckAtRest(const std::string& from) {
  const UniqueFd lock(open((from + "/coordinator.lock").c_str(), O_RDONLY | O_CLOEXEC));
  if (!lock || flock(lock.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "a coordinator runs on ", from, " (take a backup of it first: plasactl backup TO --state ", from, ")"));
}

absl::Status CheckPlaces(const std::string& from, const std::string& state_dir, const RestoreOptions& options) {
  std::error_code error;
  if (!IsThere(DatabasePath(from)))
    return absl::NotFoundError(absl::StrCat("no backup at ", from, ": there is no ", DatabasePath(from)));
  if (fs::equivalent(from, state_dir, error))
    return absl::InvalidArgumentError(absl::StrCat(from, " is the state directory itself (name a backup)"));
  if (absl::Status rests = CheckAtRest(from); !rests.ok()) return rests;
  if (options.replace || !IsThere(DatabasePath(state_dir))) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(state_dir, " holds a database already (add --replace: it is moved aside, not deleted)"));
}

absl::Status Spoiled(const std::string& from, absl::string_view finding) {
  return absl::DataLossError(
      absl::StrCat("the backup ", from, " is damaged: ", finding, " (nothing was changed; try an older backup)"));
}

Counters NotedIn(const std::string& from) {
  const auto text = ReadWholeFile(from + kNote);
  const auto note = text.ok() ? ParseObjectOrEmpty(*text) : boost::json::object();
  const auto number = [&](const char* key) {
    return static_cast<uint64_t>(std::max<int64_t>(0, IntegerOr(note, key, 0)));
  };
  return {number("token_floor"), number("epoch")};
}

// What the database that is about to be replaced has given; nothing when it cannot be read any more.
Counters GivenBy(const std::string& state_dir) {
  if (!IsThere(DatabasePath(state_dir))) return {};
  const auto connection = Connection::OpenReader(DatabasePath(state_dir));
  if (!connection.ok()) return {};
  return ReadCounters(*connection).value_or(Counters());
}

// The restore up to where the copy is complete, in a directory of its own.
class Preparation {
 public:
  Preparation(const std::string& from, const std::string& state_dir)
      : from_(from), state_dir_(state_dir), staging_(state_dir + "/restore.partial") {}
  ~Preparation() {
    std::error_code error;
    fs::remove_all(staging_, error);
  }

  absl::Status Run(const RestoreOptions& options, RestoreSummary* summary) {
    std::error_code error;
    fs::remove_all(staging_, error);
    absl::Status done = MakeDirectories(staging_ + "/artifacts", 0700);
    if (done.ok()) done = CopyDatabase(summary);
    if (done.ok()) done = CopyArtifacts(options, &summary->copied);
    if (done.ok()) done = CopyFilesOf(from_ + "/tokens", staging_ + "/tokens");
    if (done.ok()) done = CopyEndpoints();
    if (done.ok()) done = SyncTree(staging_);
    if (!done.ok()) return done;
    const std::string ready = ReadyToRestorePath(state_dir_);
    if (rename(staging_.c_str(), ready.c_str()) != 0) return FileError("move", staging_, errno);
    return SyncDirectory(state_dir_);
  }

 private:
  absl::Status CopyPart(const std::string& name) {
    const std::string path = from_ + "/" + name;
    const auto file = OpenToRead(path);
    if (!file.ok()) return file.status();
    return CopyFile(*file, path, staging_ + "/" + name).status();
  }

  // Checks the copy, not the backup: opening may write.
  absl::Status CopyDatabase(RestoreSummary* summary) {
    absl::Status copied = CopyPart("plasa.db");
    if (copied.ok() && IsThere(from_ + "/plasa.db-wal")) copied = CopyPart("plasa.db-wal");
    if (!copied.ok()) return copied;
    const absl::Status prepared = PrepareDatabase(summary);
    return absl::IsDataLoss(prepared) ? Spoiled(from_, prepared.message()) : prepared;
  }

  absl::Status PrepareDatabase(RestoreSummary* summary) {
    const std::string path = DatabasePath(staging_);
    absl::StatusOr<Connection> opened = Connection::OpenWriter(path);
    if (!opened.ok()) return opened.status();
    absl::Status sound = opened->Execute("PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE");
    if (sound.ok()) sound = CheckWhole(*opened, DatabasePath(from_));
    if (!sound.ok()) return sound;
    if (absl::Status jumped = Jump(*opened, summary); !jumped.ok()) return jumped;
    Queries queries(*std::move(opened));
    const auto named = ReferencedArtifacts(queries);
    if (!named.ok()) return named.status();
    named_ = *named;
    return CountRows(path, &summary->copied);
  }

  absl::Status Jump(const Connection& database, RestoreSummary* summary) {
    const Counters noted = NotedIn(from_), given = GivenBy(state_dir_);
    const auto next = JumpCounters(database, {std::max(noted.token, given.token), std::max(noted.epoch, given.epoch)});
    if (!next.ok()) return next.status();
    summary->token_floor = next->token;
    const boost::json::object note{{"v", 1}, {"token_floor", next->token}, {"epoch", next->epoch}};
    summary->remembered = WriteFileDurably(from_ + kNote, boost::json::serialize(note) + "\n", 0600).ok();
    return absl::OkStatus();
  }

  absl::Status CopyArtifacts(const RestoreOptions& options, CopySummary* summary) {
    for (const std::string& sha256 : named_) {
      const absl::Status copied = CopyArtifact(sha256, summary);
      if (absl::IsNotFound(copied) || absl::IsDataLoss(copied)) {
        summary->missing.push_back(sha256);
      } else if (!copied.ok()) {
        return copied;
      }
    }
    if (summary->missing.empty() || options.incomplete) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("the backup ", from_, " is not complete: ", summary->missing.size(), " of ",
                                            named_.size(), " artifacts are missing or damaged, the first is ",
                                            summary->missing.front(),
                                            " (nothing was changed; try an older backup, or add --incomplete: trials "
                                            "whose checkpoint is gone cannot resume)"));
  }

  absl::Status CopyArtifact(const std::string& sha256, CopySummary* summary) const {
    const std::string from = ArtifactPath(from_ + "/artifacts", sha256);
    const std::string to = ArtifactPath(staging_ + "/artifacts", sha256);
    const auto file = OpenToRead(from);
    if (!file.ok()) return file.status();
    if (absl::Status made = MakeDirectories(fs::path(to).parent_path().string(), 0700); !made.ok()) return made;
    const auto copied = CopyFile(*file, from, to);
    if (!copied.ok()) return copied.status();
    if (copied->sha256 != sha256) {
      std::error_code error;
      fs::remove(to, error);
      return absl::DataLossError(absl::StrCat(from, " does not have its digest"));
    }
    ++summary->artifacts;
    summary->artifact_bytes += copied->bytes;
    return absl::OkStatus();
  }

  // So that the coordinator comes back where its workers look for it.
  absl::Status CopyEndpoints() {
    const bool wanted = !IsThere(state_dir_ + "/endpoints.json") && IsThere(from_ + "/endpoints.json");
    return wanted ? CopyPart("endpoints.json") : absl::OkStatus();
  }

  const std::string from_;
  const std::string state_dir_;
  const std::string staging_;
  std::set<std::string> named_;
};

// A restore that was cut off is complete but for the last moves.
absl::StatusOr<RestoreSummary> EndCutOff(const std::string& state_dir) {
  absl::StatusOr<std::string> aside = MoveIntoPlace(state_dir);
  if (!aside.ok()) return aside.status();
  RestoreSummary summary;
  summary.replaced = *std::move(aside);
  const auto connection = Connection::OpenReader(DatabasePath(state_dir));
  if (!connection.ok()) return connection.status();
  const auto floor = TokenFloor(*connection);
  if (!floor.ok()) return floor.status();
  summary.token_floor = *floor;
  if (absl::Status counted = CountRows(DatabasePath(state_dir), &summary.copied); !counted.ok()) return counted;
  return summary;
}

}  // namespace

absl::StatusOr<RestoreSummary> Restore(const std::string& from, const std::string& state_dir,
                                       const RestoreOptions& options) {
  const absl::StatusOr<FileLock> lock = TakeStopped(state_dir);
  if (!lock.ok()) return lock.status();
  if (IsThere(ReadyToRestorePath(state_dir))) return EndCutOff(state_dir);
  if (absl::Status fit = CheckPlaces(from, state_dir, options); !fit.ok()) return fit;
  RestoreSummary summary;
  if (absl::Status ready = Preparation(from, state_dir).Run(options, &summary); !ready.ok()) return ready;
  absl::StatusOr<std::string> aside = MoveIntoPlace(state_dir);
  if (!aside.ok()) return aside.status();
  summary.replaced = *std::move(aside);
  return summary;
}

}  // namespace plasa::store
