#include "coordinator/rpc/watch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "coordinator/rpc/control_reads.h"

namespace plasa::rpc {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);  // between two looks, so that changes gather
constexpr uint32_t kMaxWaitMs = 60'000;
constexpr int64_t kIdleMs = 60'000;

}  // namespace

WatchHub::WatchHub(Doors& doors)
    : doors_(doors),
      subscription_(doors.live.Subscribe([this] {
        const std::lock_guard lock(mutex_);
        news_ = true;
        changed_.notify_all();
      })),
      thread_([this] { Run(); }) {}

WatchHub::~WatchHub() {
  subscription_.Reset();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
  for (const Watch& watch : watches_) watch.call->Fail(absl::UnavailableError("the coordinator is stopping"));
}

void WatchHub::Add(CallPtr call, std::string sweep, const v1::WatchSweepRequest& request, v1::WatchSweepReply* reply) {
  const int64_t until = doors_.clock.SteadyMs() + std::min(request.wait_ms(), kMaxWaitMs);
  const std::lock_guard lock(mutex_);
  watches_.push_back({std::move(call), std::move(sweep), reply, request.cursor(), until});
  news_ = true;
  changed_.notify_all();
}

int64_t WatchHub::WaitMs() const {
  int64_t until = doors_.clock.SteadyMs() + kIdleMs;
  for (const Watch& watch : watches_) until = std::min(until, watch.until_steady_ms);
  return std::max<int64_t>(0, until - doors_.clock.SteadyMs());
}

void WatchHub::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, std::chrono::milliseconds(WaitMs()), [this] { return news_ || stopping_; });
    news_ = false;
    std::vector<Watch> due = std::exchange(watches_, {});
    lock.unlock();
    std::erase_if(due, [this](const Watch& watch) { return Serve(watch); });
    lock.lock();
    watches_.insert(watches_.end(), std::make_move_iterator(due.begin()), std::make_move_iterator(due.end()));
    changed_.wait_for(lock, kPause, [this] { return stopping_; });
  }
}

bool WatchHub::Serve(const Watch& watch) {
  const uint64_t cursor = doors_.live.Cursor();
  std::vector<LiveChange> changes;
  if (!doors_.live.ReadSince(watch.cursor, &changes)) {
    Answer(watch, std::nullopt, cursor);
    return true;
  }
  std::set<std::string> trials;
  bool touched = false;
  for (const LiveChange& change : changes) {
    if (change.sweeps.count(watch.sweep) == 0) continue;
    touched = true;
    trials.insert(change.trials.begin(), change.trials.end());
  }
  if (!touched && doors_.clock.SteadyMs() < watch.until_steady_ms) return false;
  Answer(watch, std::move(trials), cursor);
  return true;
}

void WatchHub::Answer(const Watch& watch, std::optional<std::set<std::string>> trials, uint64_t cursor) {
  absl::Status taken = doors_.reads.Post(
      [watch, trials = std::move(trials), cursor, &commands = doors_.commands](store::Reader& reader) {
        auto changed = ControlReads(reader, commands).Changed(watch.sweep, trials, cursor);
        if (!changed.ok()) return watch.call->Fail(changed.status());
        watch.call->Succeed([&] { watch.reply->Swap(&*changed); });
      });
  if (!taken.ok()) watch.call->Fail(taken);
}

}  // namespace plasa::rpc
