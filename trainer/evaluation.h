// Loss on held-out windows and the statistics of the layers.
#pragma once

#include <cstdint>

#include "common/base/value.h"
#include "trainer/data/dataset.h"
#include "trainer/metrics.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

enum class EvaluationSide { kValidation, kTrain };

// Evaluates the first `windows` windows of a side, in order, without dropout and noise; changes no state.
[[nodiscard]] EvaluationSums Evaluate(const Model& model, Dataset& data, EvaluationSide side, int64_t windows);

// How many validation windows an evaluation takes: floor(eval_max_targets / targets per window), at least 1; the final
// one all, but in the preset demo, which caps the final one too.
[[nodiscard]] int64_t EvaluationWindows(const Config& config, const Dataset& data, bool final, bool cap_final);

// Per-layer records of the first 8 validation windows; empty under doc_mask.
[[nodiscard]] Value::List EvaluateLayers(const Model& model, Dataset& data);

}  // namespace plasa::trainer
