// A check of stored evidence and what came of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/output/view.h"

namespace plasa::cli {

enum class CheckResult {
  kEqual,
  kWithin,   // not the same bits, but within the tolerance that was asked for
  kDiffers,  // or damaged, or missing
  kRefused,  // it was asked for and cannot be done here
  kSkipped,  // there is nothing to compare, or it lies on another machine
};

// One line of what `verify` shows.
struct Check {
  std::string name;
  size_t compared = 0;
  CheckResult result = CheckResult::kEqual;
  std::vector<std::string> details;  // sentences: what differs, why it was left out

  void Differs(std::string why) {
    result = CheckResult::kDiffers;
    details.push_back(std::move(why));
  }
};

[[nodiscard]] Check Skipped(std::string name, std::string why);
[[nodiscard]] Check Refused(std::string name, std::string why);

// Whether nothing differs and nothing was refused.
[[nodiscard]] bool AllHold(const std::vector<Check>& checks);

// {"v": 1, "ok", "sweep", "checks": [{"check", "compared", "result", "details"}]} and the same as a table.
[[nodiscard]] View ChecksView(const std::string& sweep, const std::vector<Check>& checks);

}  // namespace plasa::cli
