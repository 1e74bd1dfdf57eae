// Which trials answer together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/trial_record.h"

namespace plasa::analysis {

// The trials of one base configuration: they differ in schedule, window length and seed alone.
struct Group {
  std::string name;                 // the factors of the sweep that set it apart, "lr=0.001"; empty for the only one
  Value::Object params;             // of one of its trials
  std::vector<int64_t> lengths;     // of the sweep's own trials, ascending
  std::vector<TrialRecord> trials;  // the sweep's own ones first
  std::vector<std::vector<int64_t>> keys;  // of each of `trials`: k of each layer
  size_t own = 0;                          // how many of `trials` are the sweep's
  std::vector<TrialRecord> recall;  // trials of the same configuration on the recall task, for Measure::kRecallTask
  std::vector<std::vector<int64_t>> recall_keys;
};

// The groups of a sweep's `own` trials, in their order, each with those of `related` that belong to it. What counts of
// `related` is admitted and valid; a trial that is among both is taken once.
[[nodiscard]] std::vector<Group> GroupsOf(const std::vector<TrialRecord>& own, const std::vector<TrialRecord>& related);

// All trials of the groups under the labels of the sweep: a related trial has the label of the own cell that it repeats
// with another seed, else its schedule and the factors of its group.
[[nodiscard]] std::vector<TrialRecord> Pooled(const std::vector<Group>& groups);

// The trials of a group under the labels `sides`, as WithSchedule reads them: a trial belongs to a side when it has the
// same k in each layer. Beside the final metrics they have what the measures of a set need: kLogStepTime, the losses
// of both halves, kRecall.
[[nodiscard]] std::vector<TrialRecord> RecordsOf(const Group& group, const std::vector<std::string_view>& sides);

// Metrics that RecordsOf adds.
inline constexpr char kLogStepTime[] = "ln time_per_step";
inline constexpr int64_t kStepsToTime = 70;  // a run of fewer has none
inline constexpr char kRecall[] = "mqar/accuracy";

}  // namespace plasa::analysis
