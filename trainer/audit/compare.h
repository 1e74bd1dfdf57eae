// How two tensors, or two states of a training, differ.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "trainer/model/model.h"
#include "trainer/model/records.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {

// Largest absolute difference, in double; NaN if any entry is.
[[nodiscard]] double LargestDifference(const at::Tensor& a, const at::Tensor& b);

// The same relative to the largest entry of `b` (at least 1e-6).
[[nodiscard]] double RelativeDifference(const at::Tensor& a, const at::Tensor& b);

// Entries that differ in a bit. Same shape and floating type.
[[nodiscard]] int64_t DifferingEntries(const at::Tensor& a, const at::Tensor& b);

// SHA-256 over the bytes of a tensor on the CPU.
[[nodiscard]] std::string TensorHash(const at::Tensor& tensor);

// The selected keys of a layer, bool [B,L,L], whichever path chose them. Precondition: layer.set is defined.
[[nodiscard]] at::Tensor SelectedKeys(const LayerRecord& layer);

// SHA-256 over parameters, moments and counters.
[[nodiscard]] std::string StateHash(const Model& model, const Adam& adam);

}  // namespace plasa::trainer
