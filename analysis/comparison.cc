#include "analysis/comparison.h"

#include <algorithm>
#include <array>

namespace plasa::analysis {
namespace {

// The order of the experiment; it is also the order of colours in the figure.
constexpr std::array<std::string_view, 6> kSchedules = {"dense_baseline",     "uniform_sparse",
                                                        "dense_to_sparse",    "aggressive_middle",
                                                        "progressive_sparse", "reverse_progressive"};

std::pair<size_t, std::string> LabelRank(const std::string& label) {
  const std::string schedule = label.substr(0, label.find(','));
  const auto* found = std::find(kSchedules.begin(), kSchedules.end(), schedule);
  return {static_cast<size_t>(found - kSchedules.begin()), label};
}

void Add(Cell* cell, const TrialRecord& trial) {
  cell->label = trial.label;
  cell->seq_len = trial.seq_len;
  cell->valid = cell->valid && trial.valid;
  if (trial.own) cell->sources.insert(Value(trial.cell).CanonicalJson());
  for (const auto& [metric, value] : trial.metrics) cell->values[metric][trial.seed] = value;
}

}  // namespace

Estimate Cell::Of(const std::string& metric) const {
  std::vector<double> all;
  if (const auto found = values.find(metric); found != values.end()) {
    for (const auto& [seed, value] : found->second) all.push_back(value);
  }
  return BcaInterval(all);
}

Comparison::Comparison(const std::vector<TrialRecord>& trials, uint64_t last_seed) {
  std::set<std::string> labels;
  std::set<int64_t> lengths;
  for (const TrialRecord& trial : trials) {
    if (trial.pruned) pruned_.emplace(trial.label, trial.seq_len);
    if (!trial.succeeded || !trial.admitted || trial.seed > last_seed) continue;
    Add(&cells_[{trial.label, trial.seq_len}], trial);
    labels.insert(trial.label);
    lengths.insert(trial.seq_len);
  }
  labels_.assign(labels.begin(), labels.end());
  std::sort(labels_.begin(), labels_.end(), [](const auto& a, const auto& b) { return LabelRank(a) < LabelRank(b); });
  lengths_.assign(lengths.begin(), lengths.end());
}

const Cell* Comparison::Find(const std::string& label, int64_t seq_len) const {
  const auto found = cells_.find({label, seq_len});
  return found == cells_.end() ? nullptr : &found->second;
}

bool Comparison::IsPruned(const std::string& label, int64_t seq_len) const {
  return Find(label, seq_len) == nullptr && pruned_.contains({label, seq_len});
}

bool Comparison::AllValid() const {
  return std::all_of(cells_.begin(), cells_.end(), [](const auto& entry) { return entry.second.valid; });
}

std::vector<double> PairedDeltas(const Cell& a, const Cell& b, const std::string& metric) {
  std::vector<double> deltas;
  const auto in_a = a.values.find(metric);
  const auto in_b = b.values.find(metric);
  if (in_a == a.values.end() || in_b == b.values.end()) return deltas;
  for (const auto& [seed, value] : in_a->second) {
    const auto other = in_b->second.find(seed);
    if (other != in_b->second.end()) deltas.push_back(value - other->second);
  }
  return deltas;
}

Estimate ImprovementPercent(const Cell& cell, const Cell& baseline, const std::string& metric) {
  std::vector<double> percent;
  const auto in_cell = cell.values.find(metric);
  const auto in_baseline = baseline.values.find(metric);
  if (in_cell != cell.values.end() && in_baseline != baseline.values.end()) {
    for (const auto& [seed, value] : in_cell->second) {
      const auto base = in_baseline->second.find(seed);
      if (base != in_baseline->second.end()) percent.push_back(100 * (base->second - value) / base->second);
    }
  }
  return BcaInterval(percent);
}

}  // namespace plasa::analysis
