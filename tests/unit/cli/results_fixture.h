// Results of a small sweep, made up.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

inline plasa::v1::TrialResult* AddResult(plasa::v1::GetResultsReply* results, const std::string& schedule, int length,
                                         uint64_t seed, double loss, bool valid = true) {
  auto* result = results->add_results();
  auto* trial = result->mutable_trial();
  trial->set_id(absl::StrCat("t", results->results_size()));
  trial->set_state(plasa::v1::TRIAL_SUCCEEDED);
  trial->set_admitted(true);
  trial->set_valid(valid);
  trial->set_seed(seed);
  trial->set_cell(absl::StrCat("{\"schedule\":\"", schedule, "\",\"seq_len\":", length, "}"));
  trial->set_params_json(
      absl::StrCat("{\"schedule\":\"", schedule, "\",\"seed\":", seed, ",\"seq_len\":", length, "}"));
  result->set_result_json(absl::StrCat("{\"metrics\":{\"val/loss\":", loss,
                                       ",\"val/accuracy\":0.25},\"record\":{\"val_loss\":", loss,
                                       ",\"time_per_step\":0.05}}"));
  return result;
}

inline plasa::v1::GetResultsReply SmallSweep(int seeds, bool valid = true) {
  plasa::v1::GetResultsReply results;
  results.mutable_sweep()->set_id("s1");
  results.mutable_sweep()->set_name("demo");
  results.mutable_sweep()->set_metric_name("val/loss");
  for (const int length : {64, 256}) {
    for (int seed = 1; seed <= seeds; ++seed) {
      AddResult(&results, "uniform_sparse", length, static_cast<uint64_t>(seed), 2.0 + 0.1 * seed, valid);
      AddResult(&results, "dense_baseline", length, static_cast<uint64_t>(seed), 1.5 + 0.1 * seed, valid);
    }
  }
  return results;
}

}  // namespace plasa::cli
