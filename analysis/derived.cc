#include "analysis/derived.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/significance.h"
#include "common/experiment/schedule.h"

namespace plasa::analysis {
namespace {

// The values of a side by seed; nullptr where it has none.
const std::map<uint64_t, double>* ValuesOf(const Comparison& cells, const std::string& side, int64_t seq_len,
                                           const std::string& metric) {
  const Cell* cell = cells.Find(side, seq_len);
  if (cell == nullptr || !cell->valid) return nullptr;
  const auto found = cell->values.find(metric);
  return found == cell->values.end() ? nullptr : &found->second;
}

std::set<std::string> SidesOf(const FamilyRow& row) {
  std::set<std::string> sides;
  for (const Pair& pair : row.pairs) {
    sides.emplace(pair.a);
    sides.emplace(pair.b);
  }
  return sides;
}

// Largest - smallest value by seed, of the seeds that all sides have; why there are none in `missing`.
std::map<uint64_t, double> Spreads(const Comparison& cells, const std::set<std::string>& sides, int64_t seq_len,
                                   const std::string& metric, std::string* missing) {
  std::map<uint64_t, std::vector<double>> by_seed;
  for (const std::string& side : sides) {
    const auto* values = ValuesOf(cells, side, seq_len, metric);
    if (values == nullptr) *missing = "no valid results of " + side + " at " + std::to_string(seq_len);
    if (values == nullptr) return {};
    for (const auto& [seed, value] : *values) by_seed[seed].push_back(value);
  }
  std::map<uint64_t, double> spreads;
  for (const auto& [seed, values] : by_seed) {
    const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
    if (values.size() == sides.size() && std::isfinite(*hi - *lo)) spreads[seed] = *hi - *lo;
  }
  if (spreads.empty()) *missing = "no seed has results of all schedules at " + std::to_string(seq_len);
  return spreads;
}

// Pairs of a window that a trial's layer with k selects.
int64_t PairsOf(const TrialRecord& trial, int64_t k) {
  const auto block = trial.params.find("select_block");
  const bool given = block != trial.params.end() && block->second.Is<int64_t>();
  return SelectedPairs(k, given ? block->second.As<int64_t>() : 0, trial.seq_len);
}

// Whether the counts of a trial's layers are those of a whole number of windows, the same in all.
bool IsExact(const TrialRecord& trial, const std::vector<int64_t>& keys) {
  if (trial.layers.size() != keys.size()) return false;
  const int64_t first = PairsOf(trial, keys.front());
  const int64_t windows = trial.layers.front().selected / first;
  for (size_t i = 0; i < keys.size(); ++i) {
    const int64_t pairs = windows * PairsOf(trial, keys[i]);
    if (windows < 1 || trial.layers[i].selected != pairs || trial.layers[i].future != 0) return false;
  }
  return true;
}

// Whether the k of a layer alone says how many pairs it selects.
bool HasFixedCounts(const TrialRecord& trial) {
  const auto is = [&trial](const char* key, const Value& usual) {
    const auto found = trial.params.find(key);
    return found == trial.params.end() || found->second == usual;
  };
  return is("k_mode", Value("fixed")) && is("pat_budget", Value("inside")) && is("doc_mask", Value(false));
}

}  // namespace

Estimate RecoveredShare(const SetJudge& judge, const Contrast& contrast, const std::string& x) {
  const auto values = [&](const std::string& side) {
    return ValuesOf(judge.cells().cells(), side, *contrast.seq_len, contrast.metric);
  };
  const auto *in_a = values(contrast.a), *in_b = values(contrast.b), *in_x = values(x);
  if (in_a == nullptr || in_b == nullptr || in_x == nullptr) return {};
  std::vector<double> recovered, lost;
  for (const auto& [seed, b] : *in_b) {
    const auto a = in_a->find(seed), at_x = in_x->find(seed);
    if (a == in_a->end() || at_x == in_x->end()) continue;
    recovered.push_back(b - at_x->second);
    lost.push_back(b - a->second);
  }
  return recovered.empty()
             ? Estimate{}
             : BcaRatio(recovered, lost, Resamples(recovered.size(), {.level = 1 - judge.questions().alpha}));
}

Verdict SpreadGrowth(const Comparison& cells, const Questions& questions, const FamilyRow& row, int64_t from,
                     int64_t to) {
  const std::string& metric = questions.metric;
  Verdict verdict;
  verdict.family = "H3";
  verdict.test = TestKind::kIncrease;
  verdict.contrast = {"spread at " + std::to_string(to), "spread at " + std::to_string(from), std::nullopt, metric};
  for (const std::string& side : SidesOf(row)) {
    for (const int64_t length : {from, to}) {
      if (const Cell* cell = cells.Find(side, length))
        verdict.sources.insert(cell->sources.begin(), cell->sources.end());
    }
  }
  std::string missing;
  const auto at_to = Spreads(cells, SidesOf(row), to, metric, &missing);
  const auto at_from = Spreads(cells, SidesOf(row), from, metric, &missing);
  for (const auto& [seed, spread] : at_to) {
    if (const auto other = at_from.find(seed); other != at_from.end()) verdict.deltas.push_back(spread - other->second);
  }
  if (verdict.deltas.empty())
    verdict.words = "not testable (" + (missing.empty() ? "no seed is at both lengths" : missing) + ")";
  if (verdict.deltas.empty()) return verdict;
  verdict.effect = BcaInterval(verdict.deltas, {.level = 1 - questions.alpha});
  verdict.detectable = MinimumDetectableEffect(verdict.deltas);
  std::vector<Verdict> alone = {verdict};
  Decide(TestKind::kIncrease, {questions.margin, questions.alpha, questions.larger_is_better}, &alone);
  return alone.front();
}

void CheckSparsity(const Group& group, Claim* claim) {
  size_t checked = 0;
  for (size_t i = 0; i < group.trials.size(); ++i) {
    const TrialRecord& trial = group.trials[i];
    const bool counts = trial.succeeded && trial.admitted && trial.valid && HasFixedCounts(trial);
    if (!counts || trial.layers.empty() || group.keys[i].empty()) continue;
    ++checked;
    if (IsExact(trial, group.keys[i])) continue;
    claim->finding = Finding::kContradicted;
    claim->verdict = "contradicted (trial " + trial.id + ")";
    return;
  }
  claim->finding = checked > 0 ? Finding::kSupported : Finding::kNotTestable;
  claim->verdict = checked > 0 ? "supported" : "not testable (no trial counts its pairs)";
  if (checked > 0) claim->effect_of = "in all " + std::to_string(checked) + " trials";
}

}  // namespace plasa::analysis
