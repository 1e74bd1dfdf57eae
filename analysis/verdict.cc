#include "analysis/verdict.h"

#include <algorithm>
#include <cmath>

#include "analysis/significance.h"
#include "common/base/number_text.h"

namespace plasa::analysis {
namespace {

constexpr double kAlpha = 0.05;

bool HasFactor(const std::string& label, const std::string& factor) {
  for (size_t from = 0; from <= label.size();) {
    const size_t end = std::min(label.find(", ", from), label.size());
    if (label.compare(from, end - from, factor) == 0) return true;
    from = end + 2;
  }
  return false;
}

// The one label called `name`, or that alone has it as a factor; nullptr where none or several do.
const std::string* LabelOf(const Comparison& comparison, const std::string& name) {
  const std::string* found = nullptr;
  for (const std::string& label : comparison.labels()) {
    if (label == name) return &label;
    if (!HasFactor(label, name)) continue;
    if (found != nullptr) return nullptr;
    found = &label;
  }
  return found;
}

const Cell* CellOf(const Comparison& comparison, const std::string& name, int64_t seq_len) {
  const std::string* label = LabelOf(comparison, name);
  return label == nullptr ? nullptr : comparison.Find(*label, seq_len);
}

double TwoSidedP(const std::vector<double>& deltas) {
  return deltas.size() <= kMostExact ? SignFlipP(deltas) : SampledSignFlipP(deltas, 0);
}

// Deltas and p, or why there are none in `words`.
Verdict Measure(const Comparison& comparison, const Contrast& contrast) {
  Verdict verdict;
  verdict.contrast = contrast;
  for (const std::string& name : {contrast.a, contrast.b}) {
    const Cell* cell = CellOf(comparison, name, *contrast.seq_len);
    if (cell == nullptr) verdict.words = "not testable (no admitted results of " + name + ")";
    if (cell != nullptr && !cell->valid) verdict.words = "not testable (" + name + " is INVALID)";
  }
  if (!verdict.words.empty()) return verdict;
  verdict.deltas = PairedDeltas(*CellOf(comparison, contrast.a, *contrast.seq_len),
                                *CellOf(comparison, contrast.b, *contrast.seq_len), contrast.metric);
  if (verdict.deltas.empty()) verdict.words = "not testable (no seed has " + contrast.metric + " on both sides)";
  if (verdict.deltas.empty()) return verdict;
  verdict.effect = BcaInterval(verdict.deltas);
  verdict.p = TwoSidedP(verdict.deltas);
  verdict.detectable = MinimumDetectableEffect(verdict.deltas);
  return verdict;
}

bool IsTestable(const Verdict& verdict) { return !verdict.deltas.empty(); }

std::string Short(double value) {
  const double scale = value == 0 ? 1 : std::pow(10, 2 - std::floor(std::log10(std::abs(value))));
  return NumberText(std::round(value * scale) / scale);
}

std::string WordsOf(const Verdict& verdict, const JudgingRules& rules) {
  const size_t n = verdict.deltas.size();
  if (n < rules.least_seeds) return "inconclusive (n too small: " + std::to_string(n) + " seeds)";
  if (verdict.p_adjusted <= kAlpha)
    return (verdict.effect.mean > 0) == rules.larger_is_better ? "supported" : "contradicted";
  if (n <= kMostExact && EquivalenceP(verdict.deltas, rules.margin) <= kAlpha)
    return "equivalent within " + Short(rules.margin);
  return "inconclusive (MDE " + Short(verdict.detectable) + ")";
}

void AdjustFamily(std::vector<Verdict>* family) {
  std::vector<double> p;
  for (const Verdict& verdict : *family)
    if (IsTestable(verdict)) p.push_back(verdict.p);
  const std::vector<double> adjusted = HolmAdjusted(p);
  size_t next = 0;
  for (Verdict& verdict : *family)
    if (IsTestable(verdict)) verdict.p_adjusted = adjusted[next++];
}

}  // namespace

std::vector<Verdict> Judge(const Comparison& comparison, const std::vector<Contrast>& contrasts,
                           const JudgingRules& rules) {
  std::vector<Verdict> family;
  for (Contrast contrast : contrasts) {
    std::vector<int64_t> lengths = comparison.lengths();
    if (contrast.seq_len) lengths = {*contrast.seq_len};
    if (lengths.empty()) lengths = {0};  // no result yet: said once
    for (const int64_t length : lengths) {
      contrast.seq_len = length;
      family.push_back(Measure(comparison, contrast));
    }
  }
  AdjustFamily(&family);
  for (Verdict& verdict : family)
    if (IsTestable(verdict)) verdict.words = WordsOf(verdict, rules);
  return family;
}

}  // namespace plasa::analysis
