#include "analysis/verdict.h"

#include <algorithm>
#include <cmath>

#include "analysis/evidence.h"
#include "analysis/significance.h"
#include "common/base/number_text.h"

namespace plasa::analysis {
namespace {

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
  const auto& labels = comparison.labels();
  const auto exact = std::find(labels.begin(), labels.end(), name);
  if (exact != labels.end()) return &*exact;
  const std::string* found = nullptr;
  for (const std::string& label : labels) {
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

std::string WhyNone(const std::string& metric) {
  if (metric != kLogStepTime && metric != kTimePerStep) return "no seed has " + metric + " on both sides";
  return "a step's time needs runs of " + std::to_string(kStepsToTime) +
         " steps: the first 20 do not count, and 50 must";
}

// Deltas, or why there are none in `words`.
Verdict Measure(const Comparison& comparison, const Contrast& contrast) {
  Verdict verdict;
  verdict.contrast = contrast;
  for (const std::string& name : {contrast.a, contrast.b}) {
    const Cell* cell = CellOf(comparison, name, *contrast.seq_len);
    if (cell == nullptr) verdict.words = "not testable (no admitted results of " + name + ")";
    if (cell != nullptr) verdict.sources.insert(cell->sources.begin(), cell->sources.end());
    if (comparison.IsPruned(name, *contrast.seq_len)) verdict.words = "not testable (" + name + " was stopped early)";
    if (cell != nullptr && !cell->valid) verdict.words = "not testable (" + name + " is INVALID)";
  }
  if (!verdict.words.empty()) return verdict;
  std::vector<double> deltas = PairedDeltas(*CellOf(comparison, contrast.a, *contrast.seq_len),
                                            *CellOf(comparison, contrast.b, *contrast.seq_len), contrast.metric);
  const bool finite = std::all_of(deltas.begin(), deltas.end(), [](double d) { return std::isfinite(d); });
  if (deltas.empty()) verdict.words = "not testable (" + WhyNone(contrast.metric) + ")";
  if (!finite) verdict.words = "not testable (" + contrast.metric + " is not finite for some seed)";
  if (!verdict.words.empty()) return verdict;
  verdict.deltas = std::move(deltas);
  verdict.detectable = MinimumDetectableEffect(verdict.deltas);
  return verdict;
}

// The deltas turned so that a negative one says: a is better.
std::vector<double> Turned(std::vector<double> deltas, bool larger_is_better) {
  for (double& d : deltas) d = larger_is_better ? -d : d;
  return deltas;
}

double PValue(const Verdict& verdict, TestKind test, const JudgingRules& rules) {
  switch (test) {
    case TestKind::kDifference:
      return SignFlipP(verdict.deltas);
    case TestKind::kNonInferiority:
      return NonInferiorityP(Turned(verdict.deltas, rules.larger_is_better), rules.margin);
    case TestKind::kEquivalence:
      return EquivalenceP(verdict.deltas, rules.margin);
    case TestKind::kIncrease:
      return SignFlipP(verdict.deltas, Side::kGreater);
  }
  return 1;
}

std::vector<double> Adjusted(TestKind test, const std::vector<double>& p) {
  return test == TestKind::kEquivalence ? p : HolmAdjusted(p);
}

// Side of the mean that the data show where the family's own test has said nothing.
Finding OtherFinding(const Verdict& verdict, TestKind test, double p_difference, const JudgingRules& rules) {
  const std::vector<double> turned = Turned(verdict.deltas, rules.larger_is_better);
  switch (test) {
    case TestKind::kDifference:
      return EquivalenceP(turned, rules.margin) <= rules.alpha ? Finding::kEquivalent : Finding::kInconclusive;
    case TestKind::kNonInferiority:
      // Worse by more than the margin: b + margin is not inferior to a.
      return NonInferiorityP(Turned(turned, true), -rules.margin) <= rules.alpha ? Finding::kContradicted
                                                                                 : Finding::kInconclusive;
    case TestKind::kEquivalence:
      if (p_difference > rules.alpha) return Finding::kInconclusive;
      return Mean(turned) < 0 ? Finding::kSupported : Finding::kContradicted;
    case TestKind::kIncrease:
      return SignFlipP(verdict.deltas, Side::kLess) <= rules.alpha ? Finding::kContradicted : Finding::kInconclusive;
  }
  return Finding::kInconclusive;
}

Finding FindingOf(const Verdict& verdict, TestKind test, double p_difference, const JudgingRules& rules) {
  if (verdict.p_adjusted > rules.alpha) return OtherFinding(verdict, test, p_difference, rules);
  if (test == TestKind::kEquivalence) return Finding::kEquivalent;
  if (test != TestKind::kDifference) return Finding::kSupported;
  return (verdict.effect.mean > 0) == rules.larger_is_better ? Finding::kSupported : Finding::kContradicted;
}

std::string WordsOf(const Verdict& verdict, const JudgingRules& rules) {
  switch (verdict.finding) {
    case Finding::kSupported:
      return "supported";
    case Finding::kContradicted:
      return "contradicted";
    case Finding::kEquivalent:
      return "equivalent within " + ShortNumber(rules.margin);
    case Finding::kInconclusive:
      return "inconclusive (MDE " + ShortNumber(verdict.detectable) + ": run " + std::to_string(verdict.run_more) +
             " more)";
    case Finding::kNotTestable:
      break;
  }
  return verdict.words;
}

void CallTooFew(size_t least, Verdict* verdict) {
  verdict->finding = Finding::kInconclusive;
  verdict->too_few = true;
  verdict->run_more = least - verdict->deltas.size();
  verdict->words = "inconclusive (n too small: run " + std::to_string(verdict->run_more) + " more)";
}

void CallOne(TestKind test, double p_difference, const JudgingRules& rules, Verdict* verdict) {
  verdict->finding = FindingOf(*verdict, test, p_difference, rules);
  if (verdict->finding == Finding::kInconclusive) verdict->run_more = SeedsToDecide(verdict->deltas, rules.margin);
  verdict->words = WordsOf(*verdict, rules);
}

}  // namespace

const Verdict& Measurements::Of(const Contrast& contrast) {
  const auto key = std::tuple(contrast.a, contrast.b, *contrast.seq_len, contrast.metric);
  const auto [place, fresh] = known_.try_emplace(key);
  Verdict& verdict = place->second;
  if (fresh) verdict = Measure(comparison_, contrast);
  if (fresh && !verdict.deltas.empty())
    verdict.effect = BcaInterval(verdict.deltas, ResamplesOf(verdict.deltas.size()));
  return verdict;
}

const Resamples& Measurements::ResamplesOf(size_t n) {
  const auto known = resamples_.find(n);
  if (known != resamples_.end()) return known->second;
  return resamples_.emplace(n, Resamples(n, {.level = 1 - alpha_})).first->second;
}

void Decide(TestKind test, const JudgingRules& rules, std::vector<Verdict>* family) {
  std::vector<Verdict*> testable;
  std::vector<double> p, p_difference;
  for (Verdict& verdict : *family) {
    verdict.test = test;
    if (verdict.deltas.empty()) continue;
    verdict.p = PValue(verdict, test, rules);
    testable.push_back(&verdict);
    p.push_back(verdict.p);
    if (test == TestKind::kEquivalence) p_difference.push_back(SignFlipP(verdict.deltas));
  }
  const std::vector<double> adjusted = Adjusted(test, p);
  if (test == TestKind::kEquivalence) p_difference = HolmAdjusted(p_difference);
  const Side side = test == TestKind::kDifference ? Side::kBoth : Side::kLess;
  const size_t least = LeastSeeds(test == TestKind::kEquivalence ? 1 : testable.size(), side, rules.alpha);
  for (size_t i = 0; i < testable.size(); ++i) {
    testable[i]->p_adjusted = adjusted[i];
    testable[i]->tests = test == TestKind::kEquivalence ? 1 : testable.size();
    if (testable[i]->deltas.size() < least) {
      CallTooFew(least, testable[i]);
    } else {
      CallOne(test, test == TestKind::kEquivalence ? p_difference[i] : 1, rules, testable[i]);
    }
  }
}

std::vector<Verdict> Measured(Measurements* measurements, const Family& family) {
  std::vector<Verdict> verdicts;
  for (const Contrast& contrast : family.contrasts) {
    verdicts.push_back(measurements->Of(contrast));
    verdicts.back().family = family.name;
  }
  return verdicts;
}

std::vector<Contrast> AtLengths(const std::vector<Contrast>& contrasts, const Comparison& comparison) {
  std::vector<Contrast> all;
  for (Contrast contrast : contrasts) {
    std::vector<int64_t> lengths = comparison.lengths();
    if (contrast.seq_len) lengths = {*contrast.seq_len};
    if (lengths.empty()) lengths = {0};
    for (const int64_t length : lengths) {
      contrast.seq_len = length;
      all.push_back(contrast);
    }
  }
  return all;
}

std::string ShortNumber(double value) {
  if (value == 0 || !std::isfinite(value)) return NumberText(value);
  const double scale = std::pow(10, 2 - std::floor(std::log10(std::abs(value))));
  return NumberText(std::round(value * scale) / scale);
}

}  // namespace plasa::analysis
