// What the output of a failed attempt says about trying again (plasa.log_rules of a sweep file).
#pragma once

#include <string>

#include "common/sweep/sweep.h"
#include "coordinator/core/model/states.h"

namespace plasa::coordinator {

struct LogVerdict {
  bool retry = true;
  bool exclude_worker = false;
  std::string why;  // for people: the rule that spoke; empty: none did
};

// Nothing for an attempt that did not end by its own doing (preempted, lost). Looks for each rule in the attempt's
// message and the end of its output. RE2: linear in the text, whatever the pattern.
[[nodiscard]] LogVerdict JudgeLog(const TrialLimits& limits, Cause cause, const std::string& message,
                                  const std::string& log_tail);

}  // namespace plasa::coordinator
