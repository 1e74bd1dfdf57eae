#include "analysis/verdicts_value.h"

#include <cmath>

namespace plasa::analysis {
namespace {

const char* TestWord(TestKind test) {
  switch (test) {
    case TestKind::kDifference:
      return "difference";
    case TestKind::kNonInferiority:
      return "non-inferiority";
    case TestKind::kEquivalence:
      return "equivalence";
    case TestKind::kIncrease:
      return "increase";
  }
  return "";
}

Value IntervalValue(const Estimate& effect) { return Value(Value::List{effect.lo, effect.hi}); }

Value LengthValue(const std::optional<int64_t>& length) { return length ? Value(*length) : Value(); }

Value VerdictValue(const Verdict& verdict) {
  Value::Object out = {{"a", verdict.contrast.a},
                       {"b", verdict.contrast.b},
                       {"seq_len", LengthValue(verdict.contrast.seq_len)},
                       {"metric", verdict.contrast.metric},
                       {"family", verdict.family},
                       {"test", TestWord(verdict.test)},
                       {"verdict", verdict.words},
                       {"n", verdict.deltas.size()},
                       {"deltas", Value::List(verdict.deltas.begin(), verdict.deltas.end())}};
  if (verdict.deltas.empty()) return out;
  out["mean"] = verdict.effect.mean;
  if (verdict.effect.HasInterval()) out["interval"] = IntervalValue(verdict.effect);
  out["p"] = verdict.p;
  out["p_adjusted"] = verdict.p_adjusted;
  out["detectable"] = verdict.detectable;
  if (verdict.run_more > 0) out["run_more"] = verdict.run_more;
  return out;
}

Value::List VerdictList(const std::vector<Verdict>& verdicts) {
  Value::List list;
  for (const Verdict& verdict : verdicts) list.push_back(VerdictValue(verdict));
  return list;
}

// A claim may rest on no paired seeds: n is null then.
Value ClaimValue(const Claim& claim) {
  const bool measured = claim.effect.n > 0 && std::isfinite(claim.effect.mean);
  return Value::Object{{"id", claim.id},
                       {"title", claim.title},
                       {"question", claim.question},
                       {"verdict", claim.verdict},
                       {"sentence", claim.sentence},
                       {"seq_len", LengthValue(claim.seq_len)},
                       {"effect", measured ? Value(claim.effect.mean) : Value()},
                       {"interval", measured && claim.effect.HasInterval() ? IntervalValue(claim.effect) : Value()},
                       {"p_adjusted", claim.p_adjusted ? Value(*claim.p_adjusted) : Value()},
                       {"n", claim.effect.n > 0 ? Value(claim.effect.n) : Value()},
                       {"run_more", claim.run_more ? Value(*claim.run_more) : Value()},
                       {"contrasts", VerdictList(claim.contrasts)}};
}

}  // namespace

Value::Object VerdictsValue(const Answers& answers) {
  Value::List claims;
  for (const Claim& claim : answers.claims) claims.push_back(ClaimValue(claim));
  return {{"v", 1},
          {"margin", answers.margin},
          {"alpha", answers.alpha},
          {"looks", Value::List(answers.looks.begin(), answers.looks.end())},
          {"claims", std::move(claims)},
          {"verdicts", VerdictList(answers.verdicts)}};
}

}  // namespace plasa::analysis
