#include "trainer/attention/selection.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <stdexcept>
#include <vector>

#include "common/experiment/schedule.h"
#include "trainer/attention/select_rows.h"

namespace plasa::trainer {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

template <class T>
void SelectRows(const at::Tensor& scores, const at::Tensor& allowed, const at::Tensor& k, const at::Tensor& out) {
  const int64_t length = scores.size(-1);
  const T* x = scores.data_ptr<T>();
  const auto* a = reinterpret_cast<const uint8_t*>(allowed.data_ptr<bool>());
  const auto* ks = k.data_ptr<int64_t>();
  auto* o = reinterpret_cast<uint8_t*>(out.data_ptr<bool>());
  std::atomic<bool> ok{true};
  at::parallel_for(0, scores.numel() / length, 16, [&](int64_t begin, int64_t end) {
    std::vector<OrderOf<T>> scratch(length);
    for (int64_t r = begin; r < end; ++r) {
      if (!SelectRow(x + r * length, a + r * length, length, ks[r], scratch.data(), o + r * length)) ok = false;
    }
  });
  if (!ok) ThrowNanScore();
}

at::Tensor SelectBestByRank(const at::Tensor& scores, const at::Tensor& allowed, const at::Tensor& k) {
  if (scores.isnan().logical_and(allowed).any().item<bool>()) ThrowNanScore();
  return RankKeys(scores, allowed).lt(k.unsqueeze(-1)).logical_and(allowed);
}

at::Tensor AllKeys(const at::Tensor& scores) { return at::ones(scores.sizes(), scores.options().dtype(at::kBool)); }

}  // namespace

void ThrowNanScore() {
  throw std::runtime_error("an index score is not a number: the run has diverged; lower lr or indexer_lr");
}

at::Tensor AllowedKeys(int64_t batch, int64_t keys, const at::Tensor& docs, at::Device device, int64_t first) {
  const at::Tensor s = at::arange(keys, at::TensorOptions(device).dtype(at::kLong));
  const int64_t rows = keys - first;
  const at::Tensor causal = s.unsqueeze(0).le(s.narrow(0, first, rows).unsqueeze(1));
  const at::Tensor all = causal.unsqueeze(0).expand({batch, rows, keys});
  if (!docs.defined()) return all.contiguous();
  return all.logical_and(docs.narrow(1, first, rows).unsqueeze(2).eq(docs.unsqueeze(1)));
}

at::Tensor SelectBest(const at::Tensor& given, const at::Tensor& allowed, const at::Tensor& k) {
  const at::Tensor scores = given.detach().contiguous();
  if (!scores.device().is_cpu()) return SelectBestByRank(scores, allowed, k);
  const at::Tensor out = at::empty(scores.sizes(), at::kBool);
  AT_DISPATCH_FLOATING_TYPES(scores.scalar_type(), "SelectBest", [&] {
    SelectRows<scalar_t>(scores, allowed.contiguous(), k.to(at::kLong).contiguous(), out);
  });
  return out;
}

at::Tensor RankKeys(const at::Tensor& scores, const at::Tensor& allowed) {
  const at::Tensor z = scores.detach().add(0.0).masked_fill(allowed.logical_not(), -kInf);
  const at::Tensor order = std::get<1>(z.sort(/*stable=*/true, -1, /*descending=*/true));
  const at::Tensor places = at::arange(scores.size(-1), order.options()).expand_as(order);
  return at::empty(order.sizes(), order.options()).scatter_(-1, order, places.contiguous());
}

at::Tensor FixedPattern(const Config& c, int64_t length, at::Device device) {
  if (c.pat_local == 0 && c.pat_dilated == 0 && c.pat_global == 0 && !c.force_self) return {};
  const auto options = at::TensorOptions(device).dtype(at::kLong);
  const at::Tensor s = at::arange(length, options).unsqueeze(0);
  const at::Tensor distance = at::arange(length, options).unsqueeze(1) - s;
  at::Tensor pattern = distance.ge(0).logical_and(distance.lt(c.pat_local));
  if (c.pat_dilated > 0) {
    const at::Tensor on_grid = distance.remainder(c.pat_dilation).eq(0).logical_and(distance.gt(0));
    pattern = pattern.logical_or(on_grid.logical_and(distance.le(c.pat_dilation * c.pat_dilated)));
  }
  if (c.pat_global > 0) pattern = pattern.logical_or(s.lt(c.pat_global));
  if (c.force_self) pattern = pattern.logical_or(distance.eq(0));
  return pattern;
}

at::Tensor SelectStrict(const Config& c, const at::Tensor& scores, const at::Tensor& allowed, const at::Tensor& k) {
  const at::Tensor pattern = FixedPattern(c, scores.size(-1), scores.device());
  if (!pattern.defined()) return SelectBest(scores, allowed, k);
  const at::Tensor fixed = allowed.logical_and(pattern.narrow(0, pattern.size(0) - scores.size(1), scores.size(1)));
  at::Tensor budget = k.minimum(allowed.sum(-1));
  if (c.pat_budget == PatBudget::kInside) budget = (budget - fixed.sum(-1)).clamp_min(0);
  return fixed.logical_or(SelectBest(scores, allowed.logical_and(fixed.logical_not()), budget));
}

at::Tensor SelectBlocks(const at::Tensor& scores, int64_t k, int64_t block) {
  const int64_t length = scores.size(2), blocks = (length + block - 1) / block;
  const at::Tensor first = scores.detach().slice(1, 0, length, block);
  const at::Tensor padded = at::constant_pad_nd(first, {0, blocks * block - length}, -kInf);
  const at::Tensor best = padded.unflatten(2, {blocks, block}).amax(-1);  // [B,blocks of queries,blocks of keys]
  const at::Tensor number = at::arange(blocks, scores.options().dtype(at::kLong));
  const at::Tensor own = number.unsqueeze(1), other = number.unsqueeze(0);
  const at::Tensor kept = other.eq(own).logical_or(other.eq(0));
  const at::Tensor free = other.lt(own).logical_and(kept.logical_not()).expand_as(best);
  const at::Tensor budget = at::full({best.size(0), blocks}, BlockBudget(k, block) - 2, number.options());
  const at::Tensor chosen = SelectBest(best, free, budget).logical_or(kept);
  return chosen.repeat_interleave(block, 1).repeat_interleave(block, 2).narrow(1, 0, length).narrow(2, 0, length);
}

at::Tensor EntropyKeys(const at::Tensor& scores, const at::Tensor& allowed, int64_t lo, int64_t hi) {
  const at::Tensor n = allowed.sum(-1);
  const at::Tensor outside = allowed.logical_not();
  const at::Tensor log_q = scores.detach().masked_fill(outside, -kInf).log_softmax(-1);
  const at::Tensor entropy = -(log_q.exp() * log_q.masked_fill(outside, 0.0)).sum(-1);
  const at::Tensor h =
      at::where(n.gt(1), entropy / n.clamp_min(2).to(scores.scalar_type()).log(), at::zeros_like(entropy)).clamp(0, 1);
  const at::Tensor k = (h * static_cast<double>(hi - lo) + 0.5).floor().to(at::kLong) + lo;
  return k.clamp_min(1).minimum(n);
}

at::Tensor SelectLeaky(const at::Tensor& scores, int64_t k, RefTies ties) {
  const int64_t length = scores.size(-1);
  const at::Tensor future = AllowedKeys(scores.size(0), length, {}, scores.device()).logical_not();
  const at::Tensor filled = scores.detach().masked_fill(future, -1e9);
  if (ties == RefTies::kLowest) {
    return SelectBest(filled, AllKeys(filled),
                      at::full({scores.size(0), length}, k, scores.options().dtype(at::kLong)));
  }
  const at::Tensor host = filled.to(at::kCPU, at::kDouble).contiguous();
  const at::Tensor out = at::empty(host.sizes(), at::kBool);
  for (int64_t r = 0; r < host.numel() / length; ++r) {
    SelectRowNthElement(host.data_ptr<double>() + r * length, length, std::min(k, length),
                        reinterpret_cast<uint8_t*>(out.data_ptr<bool>()) + r * length);
  }
  return out.to(scores.device());
}

}  // namespace plasa::trainer
