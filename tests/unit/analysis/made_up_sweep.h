// Trials of the experiment's grid with losses as a test wants them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/trial_record.h"
#include "common/experiment/cell_place.h"

namespace plasa::analysis {

// The loss of a cell, named by its label as in contrast sets, at a length with a seed.
using LossOf = std::function<double(const std::string& label, int64_t seq_len, uint64_t seed)>;

inline TrialRecord MadeUpTrial(const std::string& label, int64_t seq_len, uint64_t seed, double loss) {
  TrialRecord trial;
  trial.params = WithSchedule({{"preset", "demo"}}, label);
  trial.params["seq_len"] = seq_len;
  trial.params["seed"] = seed;
  trial.cell = WithSchedule({{"seq_len", seq_len}}, label);
  trial.id = label + "/" + std::to_string(seq_len) + "/" + std::to_string(seed);
  trial.trainer = "plasa";
  trial.data = Value(Value::Object{{"corpus", "kjv"}});
  trial.seed = seed;
  trial.succeeded = trial.admitted = true;
  trial.metrics = {{"val/loss", loss}};
  Describe({}, &trial);
  return trial;
}

inline const std::vector<std::string> kGrid = {"dense_baseline",    "uniform_sparse",     "dense_to_sparse",
                                               "aggressive_middle", "progressive_sparse", "reverse_progressive"};
inline const std::vector<std::string> kControls = {"matched_uniform, schedule_match=dense_to_sparse",
                                                   "matched_uniform, schedule_match=aggressive_middle",
                                                   "matched_uniform, schedule_match=progressive_sparse",
                                                   "aggressive_middle, schedule_perm=MEL",
                                                   "aggressive_middle, schedule_perm=ELM",
                                                   "progressive_sparse, schedule_perm=ELM",
                                                   "progressive_sparse, schedule_perm=MEL",
                                                   "progressive_sparse, schedule_perm=LEM",
                                                   "progressive_sparse, schedule_perm=LME"};

inline std::vector<TrialRecord> MadeUpSweep(const std::vector<std::string>& labels, uint64_t seeds,
                                            const LossOf& loss_of,
                                            const std::vector<int64_t>& lengths = {64, 256, 1024}) {
  std::vector<TrialRecord> trials;
  for (const std::string& label : labels) {
    for (const int64_t length : lengths) {
      for (uint64_t seed = 1; seed <= seeds; ++seed)
        trials.push_back(MadeUpTrial(label, length, seed, loss_of(label, length, seed)));
    }
  }
  return trials;
}

}  // namespace plasa::analysis
