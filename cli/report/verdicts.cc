#include "cli/report/verdicts.h"

#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "analysis/verdicts_value.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "common/runtime/json.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

// Not by way of text: Boost's parser misses the last bit of some numbers.
json::value ToJson(const Value& value) {
  if (value.Is<bool>()) return value.As<bool>();
  if (value.Is<int64_t>()) return value.As<int64_t>();
  if (value.Is<double>()) return value.As<double>();
  if (value.Is<std::string>()) return json::value(value.As<std::string>());
  if (value.Is<Value::List>()) {
    json::array list;
    for (const Value& item : value.As<Value::List>()) list.push_back(ToJson(item));
    return list;
  }
  json::object object;
  if (!value.Is<Value::Object>()) return nullptr;
  for (const auto& [key, item] : value.As<Value::Object>()) object[key] = ToJson(item);
  return object;
}

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
  return ToJson(Value(analysis::VerdictsValue(answers))).as_object();
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
