// The fixed-budget benchmark's entries, best first.
#pragma once

#include <string>
#include <vector>

#include "analysis/estimate.h"
#include "analysis/trial_record.h"
#include "common/base/value.h"

namespace plasa::analysis {

inline constexpr char kBenchmarkPreset[] = "plasa-benchmark";

// One configuration, its seeds together.
struct BoardEntry {
  std::string label;     // what it sets beside preset and budget: "progressive_sparse, lr=0.001"
  Value::Object params;  // without the seed
  Estimate score;        // 1 / perplexity of the held-out text, over seeds
  double loss = 0;       // mean, nats
  double step_s = 0;     // median over seeds of a step's time; NaN where no trial says it
};

// Entries that had the same budget on the same data; others cannot be compared with them.
struct Board {
  int64_t steps = 0, batch_size = 0, seq_len = 0;
  Value data;
  std::vector<BoardEntry> entries;  // by mean score, the best first
};

// The boards of all admitted, valid trials of the preset among `trials`, each trial once; those with the most entries
// first.
[[nodiscard]] std::vector<Board> BoardsOf(const std::vector<TrialRecord>& trials);

// {"v":1,"boards":[{"steps","batch_size","seq_len","data","entries":[{"rank","label","params","seeds",
// "score":{"mean","lo","hi"},"loss","ppl","time_per_step"}]}]}; null for what is not known.
[[nodiscard]] Value BoardsValue(const std::vector<Board>& boards);

}  // namespace plasa::analysis
