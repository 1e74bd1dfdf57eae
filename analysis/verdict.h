// The answer to one question about a sweep, in fixed words (spec 14).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/comparison.h"
#include "common/experiment/contrast.h"

namespace plasa::analysis {

// What is asked of a - b.
enum class TestKind {
  kDifference,      // is a better, or b? Two-sided, adjusted over the family
  kNonInferiority,  // is a not worse than b by the margin? Adjusted over the family
  kEquivalence,     // do they lie within the margin? Not adjusted: whoever asks several asks for all of them
  kIncrease,        // is a larger than b? One-sided
};

enum class Finding { kNotTestable, kInconclusive, kEquivalent, kSupported, kContradicted };

struct JudgingRules {
  double margin = 0.02;  // how small a difference is none, in units of the metric
  double alpha = 0.05;
  bool larger_is_better = false;
};

// Contrasts that are judged together. Those that cannot be tested count for nothing.
struct Family {
  std::string name;
  std::vector<Contrast> contrasts;  // each of one length
  TestKind test = TestKind::kDifference;
  JudgingRules rules;
};

// One contrast at one length.
struct Verdict {
  Contrast contrast;  // seq_len is set, but where two lengths are compared
  std::string family;
  TestKind test = TestKind::kDifference;
  std::set<std::string> sources;  // cells of the sweep itself that it compares, as canonical JSON
  std::vector<double> deltas;     // a - b by growing seed
  Estimate effect;                // their mean with its interval
  double p = 1, p_adjusted = 1;
  size_t tests = 0;       // that p was adjusted over
  double detectable = 0;  // minimum detectable effect
  bool too_few = false;   // seeds to decide anything; it is inconclusive then
  Finding finding = Finding::kNotTestable;
  size_t run_more = 0;  // seeds that an inconclusive one asks for
  std::string words;    // supported | contradicted | equivalent within M | inconclusive (…) | not testable (…)
};

// Paired differences of one comparison. Keeps what it measured: families share contrasts. For one thread.
class Measurements {
 public:
  // `comparison` must outlive it. Intervals are of the level 1 - alpha.
  explicit Measurements(const Comparison& comparison, double alpha = 0.05) : comparison_(comparison), alpha_(alpha) {}

  [[nodiscard]] const Comparison& comparison() const { return comparison_; }
  // The contrast with deltas and effect, or why there are none in `words`. Precondition: its seq_len is set.
  [[nodiscard]] const Verdict& Of(const Contrast& contrast);

 private:
  [[nodiscard]] const Resamples& ResamplesOf(size_t n);

  const Comparison& comparison_;
  const double alpha_;
  std::map<size_t, Resamples> resamples_;  // by number of seeds
  std::map<std::tuple<std::string, std::string, int64_t, std::string>, Verdict> known_;
};

// The contrasts of a family, measured, in its order.
[[nodiscard]] std::vector<Verdict> Measured(Measurements* measurements, const Family& family);

// Decides on what was measured: fills p, p_adjusted, finding, run_more and words of `family`, whose deltas are there.
void Decide(TestKind test, const JudgingRules& rules, std::vector<Verdict>* family);

// Each contrast at each of its lengths: its own, or those of the comparison; 0, once, where there is no result yet.
[[nodiscard]] std::vector<Contrast> AtLengths(const std::vector<Contrast>& contrasts, const Comparison& comparison);

// A number with three significant digits, as words and sentences have it.
[[nodiscard]] std::string ShortNumber(double value);

}  // namespace plasa::analysis
