// A cluster of three machines and a coordinator, a user, a plan of faults, and the end that must come after it.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "bug.h"
#include "fault.h"

namespace plasa::sim {

struct Outcome {
  std::string violation;  // empty: every promise held
  uint64_t grants = 0;
  uint64_t faults = 0;
  double simulated_s = 0;
  std::array<uint64_t, kFaultKinds> kinds{};
};

// Runs one plan to its end, or to the first broken promise. The same plan gives the same outcome. One at a time in a
// process: it limits file sizes to simulate a full disk.
[[nodiscard]] Outcome Simulate(const Plan& plan, Bug bug = Bug::kNone);

// The same violation with fewer faults.
[[nodiscard]] Plan Shrink(Plan plan, Bug bug = Bug::kNone);

}  // namespace plasa::sim
