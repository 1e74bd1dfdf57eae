// The result tree of a sweep.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "analysis/claim.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// What WriteReport wrote, for people.
struct ReportSummary {
  size_t trials = 0;
  size_t succeeded = 0;
  size_t invalid = 0;
  size_t pruned = 0;
  std::vector<std::string> seeds;  // what happened to the sweep's seeds, a sentence each
  absl::Status figure;             // why the figure could not be drawn; OK otherwise
  analysis::Answers answers;       // to the sweep's questions
};

// The text of results.csv.
[[nodiscard]] std::string ResultTable(const plasa::v1::GetResultsReply& results);

// Writes results.csv, verdicts.json where the sweep asks questions, seq_<L>/, report.html, comprehensive_comparison.png
// and .svg, and last manifest.json with the digests of all of them, below `root`. Everything that can be written is
// written; only a failed write is an error.
[[nodiscard]] absl::StatusOr<ReportSummary> WriteReport(const plasa::v1::GetResultsReply& results,
                                                        const std::filesystem::path& root);

}  // namespace plasa::cli
