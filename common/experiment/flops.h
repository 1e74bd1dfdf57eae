// Arithmetic of a training step (a multiply-add counts 2; recomputation, norms and softmax are not counted) and
// parameters.
#pragma once

#include <cstdint>

#include "common/experiment/config.h"

namespace plasa {

// Operations of one batch of `batch` windows of `length` tokens.
struct Flops {
  int64_t qkvo = 0, ffn = 0, attn = 0, index_proj = 0, index_score = 0, head = 0;
  int64_t forward = 0;
  int64_t train_step = 0;
};
[[nodiscard]] Flops FlopsOf(const Config& config, int64_t length, int64_t batch);

// Numbers of parameters.
struct ParameterCount {
  int64_t total = 0, indexer = 0, embedding = 0, other = 0;
};
[[nodiscard]] ParameterCount CountParameters(const Config& config);

}  // namespace plasa
