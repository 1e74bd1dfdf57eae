#include "cli/report/verdicts.h"

#include <boost/json/array.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

std::string MetricOf(const pb::Sweep& sweep) { return sweep.metric_name().empty() ? "val/loss" : sweep.metric_name(); }

// Which way a metric gets better: as the sweep says of its own, else by its name.
bool LargerIsBetter(const pb::Sweep& sweep, const std::string& metric) {
  if (metric == MetricOf(sweep)) return sweep.metric_goal() == "maximize";
  return absl::StrContains(metric, "accuracy");
}

// Contrasts on one metric, in the order of the file: they are judged together.
struct Family {
  std::string metric;
  std::vector<Contrast> contrasts;
};

Family* FamilyOf(const std::string& metric, std::vector<Family>* families) {
  for (Family& family : *families)
    if (family.metric == metric) return &family;
  families->push_back({metric, {}});
  return &families->back();
}

absl::StatusOr<std::vector<Family>> FamiliesOf(const json::array& texts, const std::string& metric) {
  std::vector<Family> families;
  for (const json::value& text : texts) {
    const auto* words = text.if_string();
    const auto contrast = ParseContrast(words == nullptr ? "" : std::string_view(*words), metric);
    if (!contrast.ok())
      return Failure(absl::StatusCode::kInvalidArgument, contrast.error().what, contrast.error().mend);
    FamilyOf(contrast->metric, &families)->contrasts.push_back(*contrast);
  }
  return families;
}

std::string Number(double value) { return absl::StrFormat("%.4g", value); }

std::string Interval(const analysis::Estimate& effect) {
  return effect.HasInterval() ? absl::StrCat("[", Number(effect.lo), ", ", Number(effect.hi), "]") : "-";
}

json::object VerdictJson(const analysis::Verdict& verdict) {
  json::array deltas(verdict.deltas.begin(), verdict.deltas.end());
  json::object out = {
      {"a", verdict.contrast.a},           {"b", verdict.contrast.b},  {"seq_len", *verdict.contrast.seq_len},
      {"metric", verdict.contrast.metric}, {"verdict", verdict.words}, {"n", verdict.deltas.size()},
      {"deltas", std::move(deltas)}};
  if (verdict.deltas.empty()) return out;
  out["mean"] = verdict.effect.mean;
  if (verdict.effect.HasInterval()) out["interval"] = json::array{verdict.effect.lo, verdict.effect.hi};
  out["p"] = verdict.p;
  out["p_adjusted"] = verdict.p_adjusted;
  out["detectable"] = verdict.detectable;
  return out;
}

}  // namespace

absl::StatusOr<std::vector<analysis::Verdict>> VerdictsOf(const pb::Sweep& sweep,
                                                          const analysis::Comparison& comparison) {
  const json::object spec = ParseObjectOrEmpty(sweep.spec_json());
  const json::value* plasa = spec.if_contains("plasa");
  const json::object* keys = plasa == nullptr ? nullptr : plasa->if_object();
  const json::value* texts = keys == nullptr ? nullptr : keys->if_contains("contrasts");
  std::vector<analysis::Verdict> verdicts;
  if (texts == nullptr || !texts->is_array()) return verdicts;
  const auto families = FamiliesOf(texts->get_array(), MetricOf(sweep));
  if (!families.ok()) return families.status();
  analysis::JudgingRules rules;
  if (const json::value* margin = keys->if_contains("margin")) rules.margin = margin->to_number<double>();
  for (const Family& family : *families) {
    rules.larger_is_better = LargerIsBetter(sweep, family.metric);
    for (analysis::Verdict& verdict : analysis::Judge(comparison, family.contrasts, rules))
      verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

json::object VerdictsJson(const std::vector<analysis::Verdict>& verdicts) {
  json::array list;
  for (const analysis::Verdict& verdict : verdicts) list.push_back(VerdictJson(verdict));
  return {{"v", 1}, {"verdicts", std::move(list)}};
}

Table VerdictTable(const std::vector<analysis::Verdict>& verdicts) {
  Table table;
  table.columns = {{"CONTRAST"},   {"SEQ_LEN", true}, {"METRIC"},  {"N", true},
                   {"MEAN", true}, {"95 %", true},    {"P", true}, {"VERDICT"}};
  for (const analysis::Verdict& verdict : verdicts) {
    const bool measured = !verdict.deltas.empty();
    table.rows.push_back({absl::StrCat(verdict.contrast.a, " - ", verdict.contrast.b),
                          *verdict.contrast.seq_len == 0 ? "-" : absl::StrCat(*verdict.contrast.seq_len),
                          verdict.contrast.metric, absl::StrCat(verdict.deltas.size()),
                          measured ? Number(verdict.effect.mean) : "-", Interval(verdict.effect),
                          measured ? Number(verdict.p_adjusted) : "-", verdict.words});
  }
  return table;
}

}  // namespace plasa::cli
