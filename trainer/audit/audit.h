// Checks a run must pass before it trains: that the code at hand, on this machine, keeps the promises of a strict run.
#pragma once

#include <string>
#include <vector>

#include "common/experiment/config.h"

namespace plasa::trainer {

// Outcome of one audit, as it is told to the user and kept with the result.
struct AuditResult {
  int number = 0;
  std::string name;
  bool passed = false;
  double figure = 0;    // what was measured; 0 is the pass of 1, 2, 3 and 10
  std::string message;  // one sentence
};

// The audits of the model in a tiny copy of `config` (few layers, short windows), on the CPU in float: 1 causality, 2
// gradients of the future, 3 selected keys and row sums, 10 evaluation changes nothing, 13 equal seeds share weights.
// In order of number; the split audit 5 is the data's. Audits 1, 2 and 3 of a run that is leaky by its configuration
// fail, as they should.
[[nodiscard]] std::vector<AuditResult> RunStartAudits(const Config& config);

}  // namespace plasa::trainer
