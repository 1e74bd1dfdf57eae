#include "cli/verbs/sweep_tracker.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "cli/output/exit_code.h"
#include "cli/remote/control_client.h"
#include "cli/remote/words.h"

namespace plasa::cli {

double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

absl::Status SweepTracker::Load() {
  const auto client = context_->Coordinator();
  if (!client.ok()) return client.status();
  pb::GetSweepRequest request;
  request.set_sweep(target_);
  auto reply = (*client)->GetSweep(request);
  if (!reply.ok()) return reply.status();
  sweep_ = std::move(*reply->mutable_sweep());
  trials_.assign(reply->trials().begin(), reply->trials().end());
  changed_.resize(trials_.size());
  std::iota(changed_.begin(), changed_.end(), size_t{0});
  cursor_ = reply->cursor();
  target_ = sweep_.id();
  stale_ = false;
  away_since_s_ = 0;
  return absl::OkStatus();
}

absl::Status SweepTracker::Poll(double wait_s, double patience_s) {
  changed_.clear();
  if (stale_) {
    const absl::Status status = Load();
    return absl::IsUnavailable(status) ? OnAway(status, patience_s) : status;
  }
  const auto client = context_->Coordinator();
  if (!client.ok()) return OnAway(client.status(), patience_s);
  pb::WatchSweepRequest request;
  request.set_sweep(target_);
  request.set_cursor(cursor_);
  request.set_wait_ms(static_cast<uint32_t>(std::max(0.0, wait_s) * 1000));
  const auto reply = (*client)->WatchSweep(request);
  if (!reply.ok()) {
    const bool may_return = ExitCodeOf(reply.status()) == ExitCode::kUnavailable;
    return may_return ? OnAway(reply.status(), patience_s) : reply.status();
  }
  Apply(*reply);
  return absl::OkStatus();
}

void SweepTracker::Apply(const pb::WatchSweepReply& reply) {
  sweep_ = reply.sweep();
  cursor_ = reply.cursor();
  for (const pb::Trial& trial : reply.changed()) {
    const auto same = [&trial](const pb::Trial& t) { return t.id() == trial.id(); };
    auto found = std::find_if(trials_.begin(), trials_.end(), same);
    if (found == trials_.end()) found = trials_.insert(found, trial);
    *found = trial;
    changed_.push_back(static_cast<size_t>(found - trials_.begin()));
  }
}

absl::Status SweepTracker::OnAway(const absl::Status& status, double patience_s) {
  const double now = SteadySeconds();
  if (away_since_s_ == 0) away_since_s_ = now;
  stale_ = true;
  context_->Reconnect();
  return now - away_since_s_ > patience_s ? status : absl::OkStatus();
}

bool SweepTracker::AllEnded() const {
  if (sweep_.replication().open() && sweep_.state() == "running") return false;  // more seeds may come
  return std::all_of(trials_.begin(), trials_.end(), [](const pb::Trial& trial) { return Ended(trial.state()); });
}

bool SweepTracker::AllAdmitted() const {
  return std::all_of(trials_.begin(), trials_.end(), [](const pb::Trial& trial) {
    return (trial.state() == pb::TRIAL_SUCCEEDED && trial.admitted()) || trial.state() == pb::TRIAL_PRUNED;
  });
}

}  // namespace plasa::cli
