// Early stopping of one sweep: how far its trials have come, and what its rungs decided. Which trials are pruned is a
// function of what they reported at the rungs, whatever the order it came in: a rung is decided when every trial that
// may still reach it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/sweep/rungs.h"
#include "coordinator/core/model/records.h"

namespace plasa::coordinator {

// Part of a Sweep. Cells are judged, not trials: by the mean over the seeds that reached the rung, and all seeds of a
// cell share its fate, so that what goes on is still paired.
struct Rungs {
  // How far one trial has come. A step that is repeated after a resume counts once.
  struct Progress {
    int64_t reports = 0;
    int64_t last_step = 0;
    double best = 0;
    std::vector<double> values;  // that count at the rungs it has reached, in their order
  };
  struct Cell {
    std::vector<std::string> trials;  // in grid order
    std::optional<size_t> pruned_at;  // place in `decided`
    double value = 0;                 // its mean there
  };

  RungPlan plan;
  std::string metric;
  bool maximize = false;
  std::vector<Cell> cells;                             // in grid order
  std::unordered_map<std::string, size_t> place_of;    // in `cells`, by the cell's JSON
  std::unordered_map<std::string, size_t> cell_of;     // the same by trial
  std::unordered_map<std::string, Progress> progress;  // by trial; none before its first report
  // Trials that had run before the sweep wanted them: the store is being asked what they reported, and this has come
  // meanwhile.
  std::map<std::string, std::vector<MetricReport>> unread;
  std::vector<RungRecord> decided;  // in the order of the plan

  // A member of the sweep, by its cell's canonical JSON. False when the trial is there already.
  bool Add(const std::string& trial, const std::string& cell);
  void Count(const std::string& trial, const MetricReport& report);
  void Read(const TrialHistory& history);
  // Takes over what was decided at the next rung.
  void Decide(RungRecord decision);

  [[nodiscard]] bool HasPruned(const std::string& trial) const;
  // "rung 9 of val/loss, where its cell had 3.21 and the best 3 of 9 cells 2.9 or better"; the trial is pruned.
  [[nodiscard]] std::string WhyPruned(const std::string& trial) const;
  // The decision of the next rung, without sweep and time. Nullopt while a trial that lacks its value may still report
  // it, as `may_report` says, and when no trial reaches that rung.
  using MayReport = std::function<bool(const std::string& trial)>;
  [[nodiscard]] std::optional<RungRecord> JudgeNext(const MayReport& may_report) const;
};

// Nullopt for a sweep that does not stop early. `sweep` holds a specification that was accepted.
[[nodiscard]] std::optional<Rungs> RungsOfSweep(const SweepRecord& sweep);

}  // namespace plasa::coordinator
