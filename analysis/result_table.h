// results.csv: the canonical table of a sweep.
#pragma once

#include <string>
#include <vector>

#include "analysis/trial_record.h"

namespace plasa::analysis {

// One row a succeeded trial, sorted by trial hash: hash, parameters by name, seed, valid, admitted, final metrics by
// name. Shortest round-trip numbers, no sweep id, attempt, worker or time: on one hardware class the bytes are the same
// however often the processes died.
[[nodiscard]] std::string ResultsCsv(const std::vector<TrialRecord>& trials);

}  // namespace plasa::analysis
