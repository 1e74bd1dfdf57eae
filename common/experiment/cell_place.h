// Where a cell stands in its experiment: what it shares with the cells it may be compared to, and its own budget.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/value.h"

namespace plasa {

// Cells with an equal base differ in nothing but schedule and window length (and batch_size, where equal_tokens derives
// it from the length). Equal keys are equal schedules, however they are spelt.
struct CellPlace {
  std::string base;           // canonical text
  std::vector<int64_t> keys;  // k of each layer; empty where `params` is no configuration of the built-in trainer
  int64_t seq_len = 0;        // as given, or as the preset has it; 0 with no keys
};

// The place of a trial's parameters, whatever its seed. Parameters that do not resolve are taken as they are.
[[nodiscard]] CellPlace PlaceOf(const Value::Object& params);

// Whether it names or describes a schedule: schedule, schedule_match, schedule_perm, schedule_ratios, schedule_k.
[[nodiscard]] bool IsScheduleKey(const std::string& name);

// `params` with the schedule `label` says, "matched_uniform, schedule_match=aggressive_middle", in place of its own.
[[nodiscard]] Value::Object WithSchedule(Value::Object params, const std::string& label);

}  // namespace plasa
