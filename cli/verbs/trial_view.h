// Trials as rows of a table.
#pragma once

#include <string>
#include <vector>

#include "cli/output/view.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// The last visible value of a trial's series; NaN where it has none.
[[nodiscard]] double MetricOf(const plasa::v1::Trial& trial, const std::string& name);

// "schedule=dense_baseline seq_len=64" of a cell's canonical JSON; "all" where nothing varies.
[[nodiscard]] std::string CellText(const std::string& cell_json);

// The factors of a cell's canonical JSON, in one order.
struct CellFactors {
  std::string names;   // "schedule seq_len"
  std::string values;  // "dense_baseline 64"
};
[[nodiscard]] CellFactors FactorsOf(const std::string& cell_json);

// One row a trial: id, the factors of its cell, seed, state, step, the sweep's metric and what went wrong.
[[nodiscard]] Table TrialTable(const std::vector<plasa::v1::Trial>& trials, const std::string& metric);

// "18 trials: 12 succeeded, 2 running, 4 queued".
[[nodiscard]] std::string CountsText(const plasa::v1::Sweep& sweep, const Terminal& terminal);

}  // namespace plasa::cli
