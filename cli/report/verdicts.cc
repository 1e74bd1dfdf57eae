#include "cli/report/verdicts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "analysis/verdicts_value.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "common/runtime/json.h"

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;

std::string Number(double value) { return absl::StrFormat("%.4g", value); }

std::string Interval(const analysis::Estimate& effect) {
  return effect.HasInterval() ? absl::StrCat("[", Number(effect.lo), ", ", Number(effect.hi), "]") : "-";
}

}  // namespace

absl::StatusOr<analysis::Answers> AnswersOf(const pb::Sweep& sweep, const std::vector<analysis::TrialRecord>& trials,
                                            const std::vector<analysis::TrialRecord>& related) {
  const auto questions = analysis::QuestionsOf(ToValue(ParseObjectOrEmpty(sweep.spec_json())));
  if (!questions.ok())
    return Failure(absl::StatusCode::kInvalidArgument, questions.error().what, questions.error().mend);
  return analysis::AnswersTo(*questions, trials, related);
}

boost::json::object VerdictsJson(const analysis::Answers& answers) {
  return ParseObjectOrEmpty(Value(analysis::VerdictsValue(answers)).CanonicalJson());
}

Table ClaimTable(const analysis::Answers& answers) {
  Table table;
  table.columns = {{"CLAIM"},          {"SEQ_LEN", true}, {"N", true}, {"EFFECT", true},
                   {"INTERVAL", true}, {"P", true},       {"VERDICT"}};
  for (const analysis::Claim& claim : answers.claims) {
    const bool measured = claim.effect.n > 0;
    table.rows.push_back({claim.title, claim.seq_len ? absl::StrCat(*claim.seq_len) : "-",
                          measured ? absl::StrCat(claim.effect.n) : "-", measured ? Number(claim.effect.mean) : "-",
                          Interval(claim.effect), claim.p_adjusted ? Number(*claim.p_adjusted) : "-", claim.verdict});
  }
  return table;
}

}  // namespace plasa::cli
