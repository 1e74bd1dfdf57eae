// A tiny copy of a configuration, and what audits feed it.
#pragma once

#include <string>

#include "common/experiment/config.h"
#include "trainer/model/model.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {

inline constexpr int64_t kTinyLength = 32;
inline constexpr int64_t kTinyBlock = 4;  // of block selection: there are blocks to choose from
inline constexpr int64_t kTinyVocabulary = 64;

// Small enough for all start audits to take well under two seconds; what decides causality is kept.
[[nodiscard]] Config TinyCopy(Config config);

// Random tokens [batch_size, kTinyLength]; `stream` tells draws apart.
[[nodiscard]] at::Tensor TinyTokens(const Config& config, uint32_t stream);

// A batch whose labels are its tokens and whose windows hold one document.
[[nodiscard]] Batch TinyBatch(const at::Tensor& tokens);

// The model of the configuration under another schedule, in float on the CPU.
[[nodiscard]] Model TinyModel(Config config, const std::string& schedule);

// A model in float on the CPU and its optimiser, in training.
struct TinyTraining {
  explicit TinyTraining(const Config& c) : config(c), model(c, at::kFloat, at::kCPU), adam(model) {}

  // One optimiser step on `batch`; returns its pass, with the figures that `options` ask for.
  Forward Step(const Batch& batch, ForwardOptions options = {});

  Config config;
  Model model;
  Adam adam;
};

}  // namespace plasa::trainer
