// Runs trials anew on this machine and compares every number.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/evidence/check.h"
#include "cli/output/interrupt.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

struct RecomputeOptions {
  size_t trials = 0;  // how many, at most
  uint64_t seed = 0;  // of the choice
  // Largest relative difference of a final metric that is accepted on other hardware; negative: the trial is refused
  // there.
  double tolerance = -1;
  std::vector<std::string> trainers;  // "NAME=PATH"
  std::filesystem::path artifacts;    // of the coordinator, for data by digest
};

// The places in `results` of the trials to run: admitted ones, without repetition, by growing place. The same seed
// chooses the same ones.
[[nodiscard]] std::vector<int> ChooseTrials(const plasa::v1::GetResultsReply& results, const RecomputeOptions& options);

// What a run anew said.
struct RunAnew {
  std::string result_json;                       // the result event
  std::vector<plasa::v1::CheckpointFile> files;  // of its checkpoint at the stored one's step; empty: none there
};

// Compares the canonical row, the per-layer statistics and the checkpoint's files.
[[nodiscard]] Check CompareRuns(const plasa::v1::TrialResult& stored, const RunAnew& anew);

// The same by final metrics only, each within `tolerance` of the stored one.
[[nodiscard]] Check CompareWithin(const plasa::v1::TrialResult& stored, const RunAnew& anew, double tolerance);

// Runs the trial from step 0 in a temporary directory, in the foreground, and compares. Refused on another hardware
// class than the stored one's, before it trains. CANCELLED after a signal.
[[nodiscard]] absl::StatusOr<Check> Recompute(const plasa::v1::TrialResult& stored, const RecomputeOptions& options,
                                              const Interrupt& interrupt);

}  // namespace plasa::cli
