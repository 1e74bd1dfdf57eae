// Windows of a Dataset as tensors on the run's device.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

#include "trainer/data/dataset.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

// Writes one window; `row` counts from 0 within the batch.
using WindowReader = std::function<void(int64_t row, const WindowOut& out)>;

// Tensors [rows, length] filled row by row.
[[nodiscard]] Batch MakeBatch(int64_t rows, int64_t length, at::Device device, const WindowReader& read);

// The global batch of one optimiser step: samples step*rows .. step*rows + rows - 1.
[[nodiscard]] Batch TrainBatch(Dataset& data, const Config& config, int64_t step, at::Device device);

}  // namespace plasa::trainer
