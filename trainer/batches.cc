#include "trainer/batches.h"

#include <ATen/ops/empty.h>

namespace plasa::trainer {
namespace {

std::span<int32_t> Row(const at::Tensor& tensor, int64_t row) {
  const auto length = static_cast<size_t>(tensor.size(1));
  return {tensor.data_ptr<int32_t>() + static_cast<size_t>(row) * length, length};
}

}  // namespace

Batch MakeBatch(int64_t rows, int64_t length, at::Device device, const WindowReader& read) {
  const auto make = [&] { return at::empty({rows, length}, at::TensorOptions().dtype(at::kInt)); };
  const at::Tensor tokens = make(), labels = make(), docs = make();
  for (int64_t row = 0; row < rows; ++row) read(row, {Row(tokens, row), Row(labels, row), Row(docs, row)});
  return {tokens.to(device, at::kLong), labels.to(device, at::kLong), docs.to(device, at::kLong)};
}

Batch TrainBatch(Dataset& data, const Config& config, int64_t step, at::Device device) {
  const auto first = static_cast<uint64_t>(step * config.batch_size);
  return MakeBatch(config.batch_size, config.seq_len, device,
                   [&](int64_t row, const WindowOut& out) { data.ReadTrain(first + static_cast<uint64_t>(row), out); });
}

}  // namespace plasa::trainer
