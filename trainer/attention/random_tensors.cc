// Compiled with -ffp-contract=off, as everything that turns words into values.
#include "trainer/attention/random_tensors.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <vector>

namespace plasa::trainer {
namespace {

constexpr int64_t kGrain = 16384;  // elements a thread takes at least

at::TensorOptions OnHost(const at::TensorOptions& options) { return options.device(at::kCPU).requires_grad(false); }

}  // namespace

at::Tensor KeepFactors(const Stream& stream, at::IntArrayRef shape, double p, const at::TensorOptions& options) {
  const at::Tensor out = at::empty(shape, OnHost(options));
  const uint32_t threshold = DropThreshold(p);
  AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "KeepFactors", [&] {
    auto* data = out.data_ptr<scalar_t>();
    const auto scale = static_cast<scalar_t>(1.0 / (1.0 - p));
    at::parallel_for(0, out.numel(), kGrain, [&](int64_t begin, int64_t end) {
      KeepMask(stream, begin, end - begin, threshold, scale, data + begin);
    });
  });
  return out.to(options.device());
}

at::Tensor KeepFactorRows(const Stream& stream, const at::Tensor& rows, int64_t width, double p,
                          const at::TensorOptions& options) {
  const at::Tensor host = rows.to(at::kCPU, at::kLong).contiguous();
  const int64_t* row = host.data_ptr<int64_t>();
  const at::Tensor out = at::empty({host.numel(), width}, OnHost(options));
  const uint32_t threshold = DropThreshold(p);
  AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "KeepFactorRows", [&] {
    auto* data = out.data_ptr<scalar_t>();
    const auto scale = static_cast<scalar_t>(1.0 / (1.0 - p));
    at::parallel_for(0, host.numel(), kGrain / width + 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) KeepMask(stream, row[i] * width, width, threshold, scale, data + i * width);
    });
  });
  return out.to(options.device());
}

at::Tensor NormalNoise(const Stream& stream, at::IntArrayRef shape, double std, const at::TensorOptions& options) {
  const at::Tensor out = at::empty(shape, at::kFloat);
  std::vector<uint32_t> words(out.numel());
  Words(stream, 0, words.size(), words.data());
  auto* data = out.data_ptr<float>();
  for (size_t i = 0; i < words.size(); ++i) data[i] = static_cast<float>(std * Normal(words[i]));
  return out.to(options);
}

at::Tensor RandomScores(const Stream& stream, int64_t length, int64_t first, int64_t rows, at::Device device) {
  const at::Tensor out = at::empty({rows, length}, at::kDouble);
  std::vector<uint32_t> words(out.numel());
  Words(stream, static_cast<uint64_t>(first * length), words.size(), words.data());
  std::copy(words.begin(), words.end(), out.data_ptr<double>());
  return out.to(device);
}

}  // namespace plasa::trainer
