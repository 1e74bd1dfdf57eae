// Counter-based random words as tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include "common/base/philox.h"

namespace plasa::trainer {

// Dropout factors of the elements 0 .. numel-1 of `shape`, row-major: 0 or 1/(1-p).
[[nodiscard]] at::Tensor KeepFactors(const Stream& stream, at::IntArrayRef shape, double p,
                                     const at::TensorOptions& options);

// Dropout factors of chosen rows of a virtual [*, width] tensor: row i of the result is row rows[i]. `rows` is int64
// [n].
[[nodiscard]] at::Tensor KeepFactorRows(const Stream& stream, const at::Tensor& rows, int64_t width, double p,
                                        const at::TensorOptions& options);

// std * z of the elements of `shape`, rounded to float before it is widened.
[[nodiscard]] at::Tensor NormalNoise(const Stream& stream, at::IntArrayRef shape, double std,
                                     const at::TensorOptions& options);

// The words of elements t * length + s as double [rows, length], t from `first` on.
[[nodiscard]] at::Tensor RandomScores(const Stream& stream, int64_t length, int64_t first, int64_t rows,
                                      at::Device device);

}  // namespace plasa::trainer
