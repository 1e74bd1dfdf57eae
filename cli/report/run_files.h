// seq_<L>/<schedule>_results.json and seq_<L>/comparison_summary.json.
#pragma once

#include <vector>

#include "cli/report/records.h"
#include "cli/report/result_tree.h"

namespace plasa::cli {

// Writes the directory of every length. With several seeds a file a seed is added, and the schedule's own file is the
// record of its smallest seed with a member `over_seeds` (n, mean and 95 % interval by metric).
void WriteRunFiles(const std::vector<RunRecord>& runs, ResultTree* tree);

}  // namespace plasa::cli
