// Follows one sweep by long polls, across restarts of the coordinator.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// The state of a sweep as it changes. Main thread only.
class SweepTracker {
 public:
  SweepTracker(Context* context, std::string target) : context_(context), target_(std::move(target)) {}

  // Reads the whole sweep. Fixes "last" to the sweep it names now.
  [[nodiscard]] absl::Status Load();

  // Waits at most `wait_s` for a change. A coordinator that is away is no error until it has been away for
  // `patience_s`; `away()` is true meanwhile.
  [[nodiscard]] absl::Status Poll(double wait_s, double patience_s = 60);

  [[nodiscard]] const plasa::v1::Sweep& sweep() const { return sweep_; }
  [[nodiscard]] const std::vector<plasa::v1::Trial>& trials() const { return trials_; }
  // Indices into trials() of what the last Load or Poll changed.
  [[nodiscard]] const std::vector<size_t>& changed() const { return changed_; }
  [[nodiscard]] bool away() const { return away_since_s_ > 0; }
  // Whether every trial ended, and no more of them will come by themselves.
  [[nodiscard]] bool AllEnded() const;
  // Whether every trial succeeded and was admitted, or was pruned as the sweep asks for.
  [[nodiscard]] bool AllAdmitted() const;

 private:
  absl::Status OnAway(const absl::Status& status, double patience_s);
  void Apply(const plasa::v1::WatchSweepReply& reply);

  Context* const context_;
  std::string target_;
  plasa::v1::Sweep sweep_;
  std::vector<plasa::v1::Trial> trials_;
  std::vector<size_t> changed_;
  uint64_t cursor_ = 0;
  bool stale_ = false;       // the coordinator was away: cursors may be of an older one
  double away_since_s_ = 0;  // steady seconds; 0 = it answers
};

// Steady seconds since an arbitrary moment.
[[nodiscard]] double SteadySeconds();

}  // namespace plasa::cli
