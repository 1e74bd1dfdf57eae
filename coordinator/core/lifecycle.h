// What becomes of a trial when its attempt ends: the table of causes, budgets and waits.
#pragma once

#include <cstdint>

#include "coordinator/core/model/records.h"

namespace plasa::coordinator {

enum class NextStep { kRetry, kFail, kQuarantine, kCancel };

struct Fate {
  NextStep next = NextStep::kRetry;
  int64_t wait_ms = 0;  // before the next attempt
};

// The fate of `trial`, whose attempt with `token` has just ended by `cause`; counts the failure in its record. A trial
// whose end was asked for is canceled whatever the cause.
[[nodiscard]] Fate DecideFate(TrialRecord* trial, Cause cause, uint64_t token);

// How many attempts in a row may end by `cause` without a newer published checkpoint; 0 = any number.
[[nodiscard]] int64_t BudgetOf(Cause cause, const TrialLimits& limits);

// The state an attempt is left in.
[[nodiscard]] AttemptState EndStateOf(Cause cause, bool canceled);

}  // namespace plasa::coordinator
