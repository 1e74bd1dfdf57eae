#include "coordinator/core_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/runtime/thread_name.h"

namespace plasa {
namespace {

constexpr size_t kProbeLimit = 32'000;  // behind everything else: whoever is that late does not serve

absl::Status Stopping() { return absl::UnavailableError("the coordinator is stopping; try again"); }
absl::Status Busy() {
  return absl::ResourceExhaustedError("the coordinator has more to do than it can; try again in a second");
}

}  // namespace

CoreLoop::CoreLoop(const Doors& doors)
    : clock_(doors.clock),
      desk_(
          {doors.clock, *this, doors.committer, doors.live, doors.metrics, doors.artifacts, [this] { OnRefused(); }}) {}

CoreLoop::~CoreLoop() { Stop(); }

void CoreLoop::Start(coordinator::State state) {
  desk_.Open(std::move(state));
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void CoreLoop::Stop() {
  {
    const std::lock_guard lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (Job& job : std::exchange(queue_, {})) job(Stopping());
  for (const Acknowledge& answered : std::exchange(await_tick_, {})) answered(Stopping());
  desk_.Close(Stopping());
}

void CoreLoop::Post(size_t limit, Job job) {
  std::unique_lock lock(mutex_);
  if (!running_ || queue_.size() >= limit) {
    const absl::Status refused = running_ ? Busy() : Stopping();
    lock.unlock();
    return job(refused);
  }
  queue_.push_back(std::move(job));
  lock.unlock();
  changed_.notify_all();
}

void CoreLoop::Probe(Acknowledge answered) {
  Post(kProbeLimit, [this, answered = std::move(answered)](const absl::Status& status) {
    if (!status.ok()) return answered(status);
    await_tick_.push_back(answered);
  });
}

void CoreLoop::OnRefused() {
  const std::lock_guard lock(mutex_);
  refused_ = true;
  changed_.notify_all();
}

// Refusals that came while it recovered are part of the same.
void CoreLoop::Recover() {
  desk_.Recover();
  const std::lock_guard lock(mutex_);
  refused_ = false;
}

void CoreLoop::Run() {
  NameThisThread("core");
  int64_t tick_due_ms = clock_.SteadyMs() + CoreDesk::kTickMs;
  std::unique_lock lock(mutex_);
  while (running_) {
    const int64_t wait_ms = std::max<int64_t>(0, tick_due_ms - clock_.SteadyMs());
    changed_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                      [this] { return !running_ || refused_ || !queue_.empty(); });
    const bool refused = std::exchange(refused_, false);
    std::deque<Job> jobs = std::exchange(queue_, {});
    lock.unlock();
    if (refused) Recover();
    for (Job& job : jobs) job(absl::OkStatus());
    if (clock_.SteadyMs() >= tick_due_ms) {
      desk_.Tick();
      for (const Acknowledge& answered : std::exchange(await_tick_, {})) answered(absl::OkStatus());
      tick_due_ms = clock_.SteadyMs() + CoreDesk::kTickMs;
    }
    lock.lock();
  }
}

}  // namespace plasa
