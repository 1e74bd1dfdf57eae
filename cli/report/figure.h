// The comparison figure as a gnuplot script.
#pragma once

#include <string>

#include "analysis/comparison.h"
#include "cli/report/objective.h"

namespace plasa::cli {

struct FigureOptions {
  std::string title;  // of the sweep
  Objective objective{};
};

// Six panels: objective against length (log2), accuracy against length, time per step against length, bars at the
// longest length, improvement over uniform_sparse in %, accuracy table. Colours and marks differ for the colour-blind;
// error bars are 95 % intervals over seeds; panels drawn from invalid runs carry the word INVALID. Of many labels the
// best are drawn, numbered, and the legend says how many are left out. The script expects the variable `kind` (png or
// svg) and writes comprehensive_comparison.<kind>. Pure.
[[nodiscard]] std::string FigureScript(const analysis::Comparison& comparison, const FigureOptions& options);

}  // namespace plasa::cli
