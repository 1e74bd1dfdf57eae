#include "trainer/audit/compare.h"

#include <ATen/ops/abs.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "common/base/sha256.h"
#include "trainer/attention/set_rows.h"

namespace plasa::trainer {

double LargestDifference(const at::Tensor& a, const at::Tensor& b) {
  return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

double RelativeDifference(const at::Tensor& a, const at::Tensor& b) {
  return LargestDifference(a, b) / std::max(1e-6, b.detach().abs().max().item<double>());
}

int64_t DifferingEntries(const at::Tensor& a, const at::Tensor& b) {
  const auto bits = [](const at::Tensor& x) {
    return x.detach().contiguous().view(x.scalar_type() == at::kDouble ? at::kLong : at::kInt);
  };
  return bits(a).ne(bits(b)).sum().item<int64_t>();
}

std::string TensorHash(const at::Tensor& tensor) {
  const at::Tensor bytes = tensor.detach().contiguous();
  return Sha256Hex({static_cast<const char*>(bytes.data_ptr()), bytes.nbytes()});
}

at::Tensor SelectedKeys(const LayerRecord& layer) {
  if (layer.set.scalar_type() == at::kBool) return layer.set;
  const int64_t batch = layer.set.size(0), length = layer.set.size(1);
  const at::Tensor keys = at::zeros({batch, length, length}, at::kBool);
  const SetRows rows(layer.set);
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t t = 0; t < length; ++t) {
      bool* row = keys.data_ptr<bool>() + (b * length + t) * length;
      const int64_t defined = std::min(length, WordsOf(t + 1) * kLanes);  // also a key behind t, were there one
      for (int64_t s = 0; s < defined; ++s) row[s] = HasKey(rows.Row(b, t), s);
    }
  }
  return keys;
}

std::string StateHash(const Model& model, const Adam& adam) {
  std::string hashes = std::to_string(adam.steps());
  for (const Parameter& p : model.parameters()) hashes += TensorHash(p.value);
  for (const Adam::Moments& moments : adam.moments()) {
    if (moments.m.defined()) hashes += TensorHash(moments.m) + TensorHash(moments.v);
  }
  return Sha256Hex(hashes);
}

}  // namespace plasa::trainer
