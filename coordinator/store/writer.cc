#include "coordinator/store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "common/runtime/durable_file.h"
#include "common/runtime/log.h"
#include "common/runtime/thread_name.h"
#include "common/runtime/unique_fd.h"

namespace plasa::store {
namespace {

constexpr Log kLog("store");

absl::Status DiskFull() {
  return absl::ResourceExhaustedError(
      "the coordinator's disk is full: nothing can be written until there is room again; what was acknowledged is "
      "safe");
}

// Errors that only a restart from the disk can mend.
[[noreturn]] void Die(const absl::Status& status) {
  kLog.Error("cannot write the database; stopping, so that the next start begins from what is on the disk",
             {{"why", std::string(status.message())}});
  std::abort();
}

}  // namespace

absl::Status MakeReserve(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return FileError("make", path, errno);
  const int failed = posix_fallocate(fd.get(), 0, kReserveBytes);
  if (failed == 0) return absl::OkStatus();
  unlink(path.c_str());
  return FileError("make", path, failed);
}

Writer::Writer(Connection connection, std::string reserve_path, Hooks hooks)
    : reserve_path_(std::move(reserve_path)),
      hooks_(std::move(hooks)),
      queries_(std::move(connection)),
      thread_([this] { Run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Writer::Post(WriteJob job) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  changed_.notify_all();
}

size_t Writer::Depth() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

bool Writer::refusing() const {
  const std::lock_guard lock(mutex_);
  return refusing_;
}

void Writer::AwaitIdle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return queue_.empty() && !busy_; });
}

absl::Status Writer::Resume() {
  if (absl::Status reserved = MakeReserve(reserve_path_); !reserved.ok()) return reserved;
  AwaitIdle();
  const std::lock_guard lock(mutex_);
  refusing_ = false;
  return absl::OkStatus();
}

void Writer::Run() {
  NameThisThread("writer");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::vector<WriteJob> jobs = std::exchange(queue_, {});
    busy_ = true;
    lock.unlock();
    Commit(std::move(jobs));
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void Writer::Commit(std::vector<WriteJob> jobs) {
  if (refusing()) return Refuse(std::move(jobs), DiskFull());
  const auto start = std::chrono::steady_clock::now();
  absl::Status committed = TryCommit(jobs);
  // Somebody's shell in the database: each try waits as long as SQLite does. The watchdog hears nothing meanwhile.
  while (absl::IsUnavailable(committed)) {
    kLog.Warning("another program holds the database's lock; waiting", {{"why", std::string(committed.message())}});
    committed = TryCommit(jobs);
  }
  if (absl::IsResourceExhausted(committed)) {
    kLog.Warning("disk full; freeing the reserve", {{"reserve", reserve_path_}});
    unlink(reserve_path_.c_str());
    committed = TryCommit(jobs);
  }
  if (absl::IsResourceExhausted(committed)) return Refuse(std::move(jobs), DiskFull());
  if (!committed.ok()) Die(committed);
  if (hooks_.on_commit) {
    hooks_.on_commit(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), jobs.size());
  }
  for (WriteJob& job : jobs) job.done(absl::OkStatus());
}

void Writer::Refuse(std::vector<WriteJob> jobs, const absl::Status& why) {
  {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
  }
  for (WriteJob& job : jobs) job.done(why);
}

absl::Status Writer::TryCommit(const std::vector<WriteJob>& jobs) {
  absl::Status written = ApplyAll(jobs);
  if (!written.ok() && queries_.connection().InTransaction()) queries_.connection().Execute("ROLLBACK").IgnoreError();
  return written;
}

absl::Status Writer::ApplyAll(const std::vector<WriteJob>& jobs) {
  if (absl::Status begun = queries_.connection().Execute("BEGIN IMMEDIATE"); !begun.ok()) return begun;
  for (const WriteJob& job : jobs) {
    if (!job.apply) continue;
    if (absl::Status applied = job.apply(queries_); !applied.ok()) return applied;
  }
  return queries_.connection().Execute("COMMIT");
}

}  // namespace plasa::store
