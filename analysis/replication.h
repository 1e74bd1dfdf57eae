// Whether a sequential sweep goes on (spec 14, sequential replication).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "analysis/answers.h"
#include "analysis/questions.h"
#include "analysis/trial_record.h"

namespace plasa::analysis {

// What follows from the newest look.
struct Replication {
  uint64_t look = 0;            // seeds that were judged
  size_t contrasts = 0;         // that seeds can decide
  size_t undecided = 0;         // of them
  std::set<std::string> cells;  // of the sweep, as canonical JSON, that undecided ones compare; empty where it stops
  std::vector<int64_t> seeds;   // to add to each of them
  std::string why;              // a sentence: why it goes on, or why it stopped

  [[nodiscard]] bool Stops() const { return cells.empty(); }
};

// Step times and what compares no cell of the sweep's own are not counted: more seeds would not decide them. Every call
// on the same results says the same. Preconditions: `questions` has looks, and all `own` trials have ended.
[[nodiscard]] Replication NextSeeds(const Questions& questions, const std::vector<TrialRecord>& own,
                                    const std::vector<TrialRecord>& related = {});

}  // namespace plasa::analysis
