#include <cstdlib>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/sweep_source.h"
#include "cli/verbs/verbs.h"
#include "common/sweep/rungs.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

constexpr size_t kRowsForPeople = 50;
constexpr std::ptrdiff_t kRungsForPeople = 5;

// What would happen to a sweep.
struct Plan {
  SweepSpec spec;
  std::vector<Value::Object> cells;
  std::optional<int64_t> trials;    // unknown for a search without end
  std::optional<Error> refusal;     // why submit would not take it
  std::optional<int64_t> existing;  // trials a coordinator already has; unknown without one
};

std::optional<int64_t> CountTrials(const SweepSpec& spec, size_t cells) {
  const bool enumerated = spec.method == "grid" || (spec.method == "random" && spec.run_cap > 0);
  if (enumerated) return static_cast<int64_t>(cells) * SeedsPerCell(spec);
  if (spec.run_cap == 0) return std::nullopt;
  return spec.run_cap > kMaxTrials ? std::nullopt : std::optional(spec.run_cap * SeedsPerCell(spec));
}

bool IsSet(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// A plan needs no coordinator; only one the user named is asked, and its absence is no failure.
std::optional<int64_t> AskForExisting(Context& context, SweepSpec spec) {
  const CoordinatorFlags& flags = context.globals().coordinator;
  const bool named =
      !flags.state.empty() || !flags.coordinator.empty() || IsSet("PLASA_STATE") || IsSet("PLASA_COORDINATOR");
  if (!named) return std::nullopt;
  const auto client = context.Coordinator();
  if (!client.ok()) return std::nullopt;
  if (!PackDataOf(&spec).ok()) return std::nullopt;  // trials know their data by digest
  pb::PlanRequest request;
  request.set_spec_text(spec.canonical.CanonicalJson());
  const auto reply = (*client)->Plan(request);
  return reply.ok() ? std::optional<int64_t>(reply->existing()) : std::nullopt;
}

absl::StatusOr<Plan> MakePlan(Context& context, const SweepChoice& choice) {
  auto spec = LoadSweep(choice);
  if (!spec.ok()) return spec.status();
  auto cells = ExpandCells(*spec);
  if (!cells.ok()) return UsageError(cells.error());
  Plan plan{*std::move(spec), *std::move(cells), {}, {}, {}};
  plan.trials = CountTrials(plan.spec, plan.cells.size());
  if (const auto expansion = Expand(plan.spec); !expansion.ok()) plan.refusal = expansion.error();
  if (!plan.refusal) plan.existing = AskForExisting(context, plan.spec);
  return plan;
}

json::value OrNull(const std::optional<int64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

// The keys with their defaults, and the rungs that follow from them; null for a sweep that does not stop early.
json::value StoppingJson(const SweepSpec& spec) {
  if (spec.early_terminate.IsNull()) return nullptr;
  json::object out = ParseObjectOrEmpty(spec.early_terminate.CanonicalJson());
  const auto plan = RungsOf(spec.early_terminate);
  out["rungs"] = plan.ok() ? json::array(plan->rungs.begin(), plan->rungs.end()) : json::array();
  return out;
}

json::object PlanJson(const Plan& plan) {
  json::array cells;
  for (const Value::Object& cell : plan.cells) cells.push_back(ParseObjectOrEmpty(Value(cell).CanonicalJson()));
  return {{"v", 1},
          {"method", plan.spec.method},
          {"cells", std::move(cells)},
          {"space", ParseObjectOrEmpty(plan.spec.space.CanonicalJson())},
          {"metric", {{"name", plan.spec.metric}, {"goal", plan.spec.goal}}},
          {"early_terminate", StoppingJson(plan.spec)},
          {"trials", OrNull(plan.trials)},
          {"existing", OrNull(plan.existing)},
          {"refusal", plan.refusal ? json::value(plan.refusal->Text()) : json::value(nullptr)}};
}

std::string ValueText(const Value& value) {
  return value.Is<std::string>() ? value.As<std::string>() : value.CanonicalJson();
}

bool IsFixed(const Value& entry) { return entry.As<Value::Object>().at("kind") == Value("single_value"); }

// The parameters of the space, then those that only controls have.
std::vector<std::string> ColumnsOf(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : plan.spec.space.As<Value::Object>()) names.push_back(name);
  std::set<std::string> more;
  for (const Value::Object& cell : plan.cells) {
    for (const auto& [name, value] : cell) more.insert(name);
  }
  for (const std::string& name : names) more.erase(name);
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

// One row a cell, with the parameters that vary; a person sees the first ones.
Table CellTable(const Plan& plan, bool for_people) {
  Table table;
  table.columns = {{"CELL", true}};
  const std::vector<std::string> names = ColumnsOf(plan);
  const auto& space = plan.spec.space.As<Value::Object>();
  for (const std::string& name : names) {
    const auto entry = space.find(name);
    table.columns.push_back({name, false, entry != space.end() && IsFixed(entry->second)});
  }
  for (size_t i = 0; i < plan.cells.size() && (!for_people || i < kRowsForPeople); ++i) {
    std::vector<TableCell> row = {std::to_string(i + 1)};
    for (const std::string& name : names) {
      const auto found = plan.cells[i].find(name);
      row.emplace_back(found == plan.cells[i].end() ? "" : Harmless(ValueText(found->second), false));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// One row a parameter, for a search whose cells are not known beforehand.
Table SpaceTable(const Value::Object& space) {
  Table table;
  table.columns = {{"PARAMETER"}, {"KIND"}, {"VALUES"}};
  for (const auto& [name, entry] : space) {
    Value::Object fields = entry.As<Value::Object>();
    const std::string kind = fields.extract("kind").mapped().As<std::string>();
    std::vector<std::string> texts;
    for (const auto& [field, value] : fields) texts.push_back(absl::StrCat(field, " ", value.CanonicalJson()));
    table.rows.push_back({name, kind, Harmless(absl::StrJoin(texts, ", "), false)});
  }
  return table;
}

std::string FixedText(const Plan& plan) {
  std::vector<std::string> fixed;
  for (const auto& [name, entry] : plan.spec.space.As<Value::Object>()) {
    if (IsFixed(entry)) fixed.push_back(absl::StrCat(name, "=", ValueText(entry.As<Value::Object>().at("value"))));
  }
  return fixed.empty() ? "" : absl::StrCat("In all cells: ", absl::StrJoin(fixed, ", "), "\n");
}

std::string Counted(int64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

// "Stops early: after 3, 9, 27, 81, ... reports of val/loss one cell in 3 goes on".
std::string StoppingText(const SweepSpec& spec) {
  if (spec.early_terminate.IsNull()) return "";
  const auto plan = RungsOf(spec.early_terminate);
  if (!plan.ok()) return "";
  const bool more = std::ssize(plan->rungs) > kRungsForPeople;
  const auto end = more ? plan->rungs.begin() + kRungsForPeople : plan->rungs.end();
  return absl::StrCat("Stops early: after ", absl::StrJoin(plan->rungs.begin(), end, ", "), more ? ", ..." : "",
                      " reports of ", spec.metric, " one cell in ", plan->eta, " goes on",
                      plan->strict ? "" : ", by its best report so far", "\n");
}

std::string Headline(const Plan& plan) {
  std::string text = absl::StrCat(plan.spec.method, " search, ", plan.spec.goal, " ", plan.spec.metric, ": ");
  const std::string more = StoppingText(plan.spec) + FixedText(plan);
  if (!plan.trials) return absl::StrCat(text, "no end of trials\n", more);
  const bool known = !plan.cells.empty();
  if (known) absl::StrAppend(&text, Counted(static_cast<int64_t>(plan.cells.size()), "cell"), ", ");
  absl::StrAppend(&text, Counted(SeedsPerCell(plan.spec), "seed"), " each, ", known ? "" : "at most ",
                  Counted(*plan.trials, "trial"));
  if (plan.existing) absl::StrAppend(&text, ", ", *plan.existing, " of them there already");
  return absl::StrCat(text, "\n", more);
}

View PlanView(const Plan& plan, bool for_people) {
  View view;
  view.json = PlanJson(plan);
  view.items = "cells";
  view.before = absl::StrCat(Harmless(Headline(plan), true), "\n");
  view.table = plan.cells.empty() ? SpaceTable(plan.spec.space.As<Value::Object>()) : CellTable(plan, for_people);
  if (for_people && plan.cells.size() > kRowsForPeople) {
    view.after = absl::StrCat("... and ", plan.cells.size() - kRowsForPeople, " more; -o csv or -o json has all\n");
  }
  return view;
}

absl::StatusOr<ExitCode> Run(Context& context, const SweepChoice& choice) {
  const auto plan = MakePlan(context, choice);
  if (!plan.ok()) return plan.status();
  context.out().Print(PlanView(*plan, context.out().for_people()));
  for (const std::string& remark : plan->spec.remarks)
    context.out().Note(absl::StrCat("note: ", Harmless(remark, false)));
  if (plan->refusal)
    context.out().Note(absl::StrCat("submit would refuse it: ", Harmless(plan->refusal->Text(), false)));
  return ExitCode::kOk;
}

}  // namespace

Verb PlanVerb() {
  return {"plan", "Show what a sweep would run; submits nothing and needs no coordinator",
          "  plasactl plan demo\n  plasactl plan sweep.yaml -P lr=1e-3,3e-4 -o json\n", [](Arguments& a) -> Body {
            auto choice = std::make_shared<SweepChoice>();
            choice->Declare(a);
            return [choice](Context& context) { return Run(context, *choice); };
          }};
}

}  // namespace plasa::cli
