#include <ATen/ops/arange.h>
#include <ATen/ops/xlogy.h>

#include <cmath>
#include <limits>

#include "trainer/attention/selection.h"
#include "trainer/metrics.h"

namespace plasa::trainer {
namespace {

double Number(const at::Tensor& t) { return t.to(at::kDouble).item<double>(); }
int64_t Count(const at::Tensor& t) { return t.sum().item<int64_t>(); }
double MeanOf(const at::Tensor& values, const at::Tensor& rows) {
  return Number(values.to(at::kDouble).masked_select(rows).mean());
}

// Statistics of one layer; tensors as in LayerRecord, probabilities in double.
class LayerFigures {
 public:
  explicit LayerFigures(const LayerRecord& record)
      : r_(record), batch_(record.set.size(0)), length_(record.set.size(1)), full_(record.full.to(at::kDouble)) {
    allowed_ = AllowedKeys(batch_, length_, {}, record.set.device());
    n_ = allowed_.sum(-1);
    rows_ = n_.gt(record.k_rows);
    sparse_ = !record.dense && rows_.any().item<bool>();
  }

  Value::Object Build(int64_t layer, const LayerRecord* previous) const {
    Value::Object out = Sizes(layer);
    const at::Tensor p = r_.probs.to(at::kDouble);
    const at::Tensor entropy = -at::xlogy(p, p).sum(-1).mean(1).narrow(1, 1, length_ - 1);
    out["entropy_norm"] = Number((entropy / n_.narrow(1, 1, length_ - 1).to(at::kDouble).log()).mean());
    if (!sparse_) return out;
    AddRecall(out);
    AddPositions(out);
    if (r_.index.defined()) AddIndex(out);
    if (previous && !previous->dense && !previous->sums) AddOverlap(*previous, out);
    return out;
  }

 private:
  Value::Object Sizes(int64_t layer) const {
    const int64_t selected = Count(r_.set);
    const int64_t actual = std::min(r_.k, length_);
    const auto all = static_cast<double>(batch_ * length_ * length_);
    const int64_t future = Count(r_.set.logical_and(allowed_.logical_not()));
    return {{"layer_idx", layer},
            {"layer_k", r_.k},
            {"actual_k", actual},
            {"k_ratio", static_cast<double>(actual) / static_cast<double>(length_)},
            {"sparsity", r_.dense ? 0.0 : 1.0 - static_cast<double>(selected) / all},
            {"sparsity_causal", 1.0 - static_cast<double>(selected - future) / static_cast<double>(Count(allowed_))},
            {"selected", selected},
            {"future", future}};
  }

  void AddRecall(Value::Object& out) const {
    const at::Tensor mass = (full_ * r_.set).sum(-1);
    out["mass_recall"] = MeanOf(mass, rows_);
    out["mass_recall_all"] = Number(mass.mean());
    const at::Tensor best = SelectBest(full_, allowed_, r_.k_rows.minimum(n_));
    const at::Tensor hit = r_.set.logical_and(best).sum(-1).to(at::kDouble);
    out["set_recall"] = MeanOf(hit / best.sum(-1).to(at::kDouble), rows_);
  }

  void AddPositions(Value::Object& out) const {
    out["self_rate"] = MeanOf(r_.set.diagonal(0, 1, 2), rows_);
    out["bos_rate"] = MeanOf(r_.set.select(2, 0), rows_);
    const at::Tensor t = at::arange(length_, n_.options());
    const at::Tensor distance = (t.unsqueeze(1) - t.unsqueeze(0)).expand_as(r_.set);
    const at::Tensor counted = r_.set.logical_and(rows_.unsqueeze(-1));
    Value::List histogram;
    for (int64_t low = 0; histogram.empty() || low <= length_; low = low == 0 ? 1 : 2 * low) {
      const int64_t high = low == 0 ? 1 : 2 * low;
      histogram.emplace_back(Count(counted.logical_and(distance.ge(low)).logical_and(distance.lt(high))));
    }
    out["distance_hist"] = histogram;
  }

  void AddIndex(Value::Object& out) const {
    const at::Tensor outside = allowed_.logical_not();
    const at::Tensor scores = r_.index.add(0.0).masked_fill(outside, -std::numeric_limits<double>::infinity());
    const at::Tensor sorted = std::get<0>(scores.sort(-1, /*descending=*/true));
    const at::Tensor k = r_.k_rows.clamp_max(length_ - 1).unsqueeze(-1);
    const at::Tensor tied = sorted.gather(-1, k - 1).eq(sorted.gather(-1, k)).squeeze(-1);
    out["tie_rate"] = MeanOf(tied, rows_);
    const at::Tensor log_q = scores.to(at::kDouble).log_softmax(-1).masked_fill(outside, 0.0);
    out["kl_dense"] = Number((at::xlogy(full_, full_) - full_ * log_q).sum(-1).mean());
  }

  void AddOverlap(const LayerRecord& previous, Value::Object& out) const {
    const at::Tensor both = rows_.logical_and(n_.gt(previous.k_rows));
    if (!both.any().item<bool>()) return;
    const at::Tensor shared = r_.set.logical_and(previous.set).sum(-1).to(at::kDouble);
    out["overlap_prev"] = MeanOf(shared / r_.set.sum(-1).minimum(previous.set.sum(-1)).to(at::kDouble), both);
  }

  const LayerRecord& r_;
  int64_t batch_, length_;
  at::Tensor full_, allowed_, n_, rows_;
  bool sparse_ = false;
};

// Field `part / whole` of sparse rows.
Value Share(double part, int64_t whole) { return part / static_cast<double>(whole); }

// The record of a layer from sums over its rows.
Value::Object FromSums(int64_t layer, const LayerRecord& r, int64_t batch, int64_t length) {
  const LayerSums& s = *r.sums;
  const int64_t rows = batch * length, causal = batch * length * (length + 1) / 2, actual = std::min(r.k, length);
  Value::Object out{
      {"layer_idx", layer},
      {"layer_k", r.k},
      {"actual_k", actual},
      {"k_ratio", Share(static_cast<double>(actual), length)},
      {"sparsity", r.dense ? 0.0 : 1.0 - static_cast<double>(s.selected) / static_cast<double>(rows * length)},
      {"sparsity_causal", 1.0 - static_cast<double>(s.selected) / static_cast<double>(causal)},
      {"selected", s.selected},
      {"future", 0},
      {"entropy_norm", Share(s.entropy, batch * (length - 1))}};
  if (s.sparse_rows == 0) return out;
  out["mass_recall"] = Share(s.sparse_mass, s.sparse_rows);
  out["mass_recall_all"] = Share(s.mass, rows);
  out["set_recall"] = Share(s.set_recall, s.sparse_rows);
  out["self_rate"] = Share(static_cast<double>(s.self), s.sparse_rows);
  out["bos_rate"] = Share(static_cast<double>(s.first), s.sparse_rows);
  out["distance_hist"] = Value::List(s.distance.begin(), s.distance.end());
  if (s.indexed) {
    out["tie_rate"] = Share(static_cast<double>(s.ties), s.sparse_rows);
    out["kl_dense"] = Share(s.index_kl, rows);
  }
  if (s.overlap_rows > 0) out["overlap_prev"] = Share(s.overlap, s.overlap_rows);
  return out;
}

bool IsSummed(const std::string& key) { return key == "selected" || key == "future"; }

// Adds `from` to `into`, field by field; lists element-wise.
void Accumulate(const Value& from, Value& into) {
  if (into.Is<Value::List>()) {
    for (size_t i = 0; i < into.As<Value::List>().size(); ++i)
      Accumulate(from.As<Value::List>()[i], into.As<Value::List>()[i]);
  } else if (into.Is<int64_t>() && from.Is<int64_t>()) {
    into = Value(into.As<int64_t>() + from.As<int64_t>());
  } else {
    into = Value(into.Number() + from.Number());
  }
}

}  // namespace

void LayerSums::Add(const LayerSums& other) {
  selected += other.selected;
  sparse_rows += other.sparse_rows;
  ties += other.ties;
  self += other.self;
  first += other.first;
  mass += other.mass;
  sparse_mass += other.sparse_mass;
  set_recall += other.set_recall;
  index_kl += other.index_kl;
  entropy += other.entropy;
  overlap += other.overlap;
  overlap_rows += other.overlap_rows;
  for (size_t i = 0; i < distance.size(); ++i) distance[i] += other.distance[i];
}

Value::List LayerStatistics(const Forward& forward, const Config&) {
  Value::List out;
  const LayerRecord* previous = nullptr;
  for (const LayerRecord& record : forward.layers) {
    const auto layer = static_cast<int64_t>(out.size());
    if (record.sums) {
      out.emplace_back(FromSums(layer, record, forward.valid.size(0), forward.length));
    } else {
      out.emplace_back(LayerFigures(record).Build(layer, previous));
    }
    previous = &record;
  }
  return out;
}

Value::List MergeLayerStatistics(const std::vector<Value::List>& batches) {
  if (batches.empty()) return {};
  Value::List merged = batches.front();
  for (size_t l = 0; l < merged.size(); ++l) {
    for (auto& [key, value] : merged[l].As<Value::Object>()) {
      if (key == "layer_idx") continue;
      for (size_t b = 1; b < batches.size(); ++b) Accumulate(batches[b][l].As<Value::Object>().at(key), value);
      if (IsSummed(key) || value.Is<Value::List>() || batches.size() == 1) continue;
      value = Value(value.Number() / static_cast<double>(batches.size()));
    }
  }
  return merged;
}

}  // namespace plasa::trainer
