// The one writer: a thread that owns the only read-write connection and commits what is queued in groups.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

// Something to be written and who waits for it.
struct WriteJob {
  std::function<absl::Status(Queries&)>
      apply;                               // on the writer's thread, inside its transaction; empty: only waits its turn
  std::function<void(absl::Status)> done;  // on the writer's thread, after the commit or the refusal; never empty
};

// How large the file is that is kept to have room for one more commit when the disk is full.
inline constexpr size_t kReserveBytes = 4 << 20;

// Takes whatever is queued into one transaction, without lingering, and calls `done` of each job in order once the
// commit is on the disk. When the disk is full the reserve is freed and the group tried once more; if that fails too,
// the group and all that is queued is refused with RESOURCE_EXHAUSTED, and so is everything until Resume: what was
// posted after a refused job may build on it. Damage, an I/O error or a broken constraint ends the process: the disk is
// the truth to start from.
class Writer {
 public:
  struct Hooks {
    std::function<void(double seconds, size_t jobs)> on_commit;  // may be empty
  };

  Writer(Connection connection, std::string reserve_path, Hooks hooks);
  // Commits what is queued, then ends.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Thread-safe.
  void Post(WriteJob job);
  // Jobs that wait. Thread-safe.
  [[nodiscard]] size_t Depth() const;

  // Waits until nothing is queued or being written. Thread-safe.
  void AwaitIdle();

  // After a refusal, once nothing builds on refused jobs any more: accepts again when there is room for a new reserve,
  // else RESOURCE_EXHAUSTED. Thread-safe; waits for the writer's thread.
  [[nodiscard]] absl::Status Resume();

 private:
  void Run();
  void Commit(std::vector<WriteJob> jobs);
  void Refuse(std::vector<WriteJob> jobs, const absl::Status& why);
  [[nodiscard]] absl::Status TryCommit(const std::vector<WriteJob>& jobs);
  [[nodiscard]] absl::Status ApplyAll(const std::vector<WriteJob>& jobs);
  [[nodiscard]] bool refusing() const;

  const std::string reserve_path_;
  const Hooks hooks_;

  Queries queries_;  // the writer thread's own

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<WriteJob> queue_;
  bool stopping_ = false;
  bool busy_ = false;  // a group is being written
  bool refusing_ = false;

  std::thread thread_;  // last: it uses the others
};

// Makes the reserve file, really allocated. RESOURCE_EXHAUSTED when there is no room.
[[nodiscard]] absl::Status MakeReserve(const std::string& path);

}  // namespace plasa::store
