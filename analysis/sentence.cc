#include "analysis/sentence.h"

#include <cmath>

#include "common/base/number_text.h"

namespace plasa::analysis {
namespace {

constexpr std::string_view kMatched = "matched_uniform, schedule_match=";
constexpr std::string_view kPermuted = ", schedule_perm=";

std::string PText(double p) { return p < 0.0001 ? "p < 0.0001" : "p = " + ShortNumber(p); }

// `unit` with a leading space, or nothing.
std::string Figures(const Estimate& effect, double alpha, const std::string& unit) {
  std::string text = ShortNumber(effect.mean) + unit;
  if (effect.HasInterval()) {
    text += " (" + NumberText(std::round(1000 * (1 - alpha)) / 10) + " % interval " + ShortNumber(effect.lo) + " to " +
            ShortNumber(effect.hi) + ")";
  }
  return text;
}

std::string Place(const Claim& claim) { return claim.seq_len ? " at seq_len=" + std::to_string(*claim.seq_len) : ""; }

// A contrast that is reported and did not decide.
std::string Other(const Verdict& verdict, double alpha) {
  return " " + ContrastWords(verdict.contrast) + ": " + Figures(verdict.effect, alpha, UnitOf(verdict.contrast)) + ".";
}

}  // namespace

std::string UnitOf(const Contrast& contrast) {
  // Losses are natural logarithms.
  return contrast.metric.starts_with("val/loss") ? " nats" : "";
}

std::string SideWords(const std::string& label) {
  if (label.starts_with(kMatched)) return "uniform of the budget of " + label.substr(kMatched.size());
  const size_t permuted = label.find(kPermuted);
  if (permuted == std::string::npos) return label;
  return label.substr(0, permuted) + " in the order " + label.substr(permuted + kPermuted.size());
}

std::string ContrastWords(const Contrast& contrast) {
  return SideWords(contrast.a) + " - " + SideWords(contrast.b) + " in " + contrast.metric;
}

std::string Sentence(const Claim& claim, double alpha, bool with_others) {
  std::string text = claim.title + Place(claim) + ": " + claim.verdict;
  if (claim.effect.n == 0)
    return text + (claim.effect_of.empty() || !claim.contrasts.empty() ? "" : " " + claim.effect_of) + ".";
  text += "; " + claim.effect_of + ": " + Figures(claim.effect, alpha, claim.unit);
  if (claim.p_adjusted) {
    text += ", " + PText(*claim.p_adjusted);
    if (claim.tests > 1) text += " adjusted over " + std::to_string(claim.tests);
  }
  text += ", n = " + std::to_string(claim.effect.n) + ".";
  for (size_t i = 1; with_others && i < claim.contrasts.size(); ++i) {
    if (!claim.contrasts[i].deltas.empty()) text += Other(claim.contrasts[i], alpha);
  }
  return text;
}

}  // namespace plasa::analysis
