#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/foreground/trainer_run.h"
#include "cli/output/exit_code.h"
#include "cli/output/interrupt.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"
#include "cli/verbs/sweep_source.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

struct Options {
  SweepChoice choice;
  int64_t cell = 1;
  int64_t threads = 1;
  std::string to;
  std::vector<std::string> trainers;
};

absl::StatusOr<TrainerTask> TaskOf(const Options& options) {
  const auto spec = LoadSweep(options.choice);
  if (!spec.ok()) return spec.status();
  const auto expansion = Expand(*spec);
  if (!expansion.ok()) return UsageError(expansion.error());
  const auto cells = static_cast<int64_t>(expansion->cells.size());
  if (options.cell < 1 || options.cell > cells) {
    return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("there is no cell ", options.cell, " of ", cells),
                   "`plasactl plan` numbers them from 1");
  }
  auto command = TrainerCommand(spec->trainer, options.trainers);
  if (!command.ok()) return command.status();
  const size_t seeds = expansion->trials.size() / expansion->cells.size();
  const TrialSpec& trial = expansion->trials[static_cast<size_t>(options.cell - 1) * seeds];
  return TrainerTask{*std::move(command),
                     spec->trainer,
                     trial.id,
                     ParseObjectOrEmpty(Value(trial.params).CanonicalJson()),
                     ParseObjectOrEmpty(spec->data.Is<Value::Object>() ? spec->data.CanonicalJson() : "{}"),
                     static_cast<int>(options.threads)};
}

std::string WordAt(const json::object& event, const char* key) {
  const json::value* value = event.if_contains(key);
  if (value == nullptr) return "";
  return value->is_string() ? std::string(value->get_string()) : JsonText(*value);
}

// A line to stderr for an event that a person at the screen wants to see; empty for others.
std::string LineOf(const json::object& event) {
  const std::string type = WordAt(event, "type");
  if (type == "start") return Harmless(WordAt(event, "schedule_table"), true);
  if (type == "note") return Harmless(WordAt(event, "text"));
  if (type == "audit")
    return Harmless(absl::StrCat("audit ", WordAt(event, "number"), " ", WordAt(event, "name"), ": ",
                                 WordAt(event, "passed") == "true" ? "passed" : "FAILED"));
  const json::value* metrics = event.if_contains("metrics");
  if (type != "metric" || metrics == nullptr || !metrics->is_object()) return "";
  std::string line = absl::StrCat("step ", WordAt(event, "step"));
  for (const auto& metric : metrics->get_object()) {
    const json::value& value = metric.value();
    absl::StrAppend(&line, "  ", std::string(metric.key()), " ",
                    value.is_number() ? Rounded(value.to_number<double>()) : JsonText(value));
  }
  return Harmless(line);
}

// Why a result never counts, as a column of a table has it.
std::string ReasonsText(const json::object& result) {
  std::string text;
  const json::value* reasons = result.if_contains("invalid_reasons");
  if (reasons == nullptr || !reasons->is_array()) return "INVALID";
  for (const json::value& reason : reasons->get_array())
    absl::StrAppend(&text, text.empty() ? "" : ";", reason.is_string() ? std::string(reason.get_string()) : "INVALID");
  return text.empty() ? "INVALID" : Harmless(text);
}

View ResultView(const TrainerTask& task, const json::object& result, const std::string& directory) {
  View view;
  const json::value* metrics = result.if_contains("metrics");
  const json::object none;
  const json::object& shown = metrics != nullptr && metrics->is_object() ? metrics->get_object() : none;
  view.json = {{"v", 1}, {"trial", task.trial}, {"params", task.params}, {"metrics", shown}};
  for (const char* key : {"valid", "invalid_reasons", "record"}) {
    if (const json::value* value = result.if_contains(key)) view.json[key] = *value;
  }
  if (!directory.empty()) view.json["directory"] = directory;
  const std::string invalid = WordAt(result, "valid") == "false" ? ReasonsText(result) : "";
  view.table.columns = {{"METRIC"}, {"VALUE", true}, {"INVALID", false, true}};
  for (const auto& metric : shown) {
    const bool number = metric.value().is_number();
    view.table.rows.push_back({Harmless(std::string(metric.key())),
                               number ? TableCell(Rounded(metric.value().to_number<double>()), JsonText(metric.value()))
                                      : TableCell(JsonText(metric.value())),
                               invalid});
  }
  if (!invalid.empty()) view.after = absl::StrCat("INVALID: ", WordAt(result, "invalid_reasons"), "\n");
  return view;
}

absl::StatusOr<ExitCode> RunIn(Context& context, const TrainerTask& task, const std::filesystem::path& directory,
                               const std::string& kept) {
  const Interrupt interrupt;
  const auto outcome = RunTrainer(task, directory, interrupt, [&context](const json::object& event) {
    const std::string line = LineOf(event);
    if (!line.empty() && context.out().for_people()) context.out().Note(line);
    return true;
  });
  if (!outcome.ok()) return outcome.status();
  if (outcome->stopped) return Failure(absl::StatusCode::kCancelled, "stopped by a signal", "");
  if (outcome->result.empty()) {
    return Failure(absl::StatusCode::kInternal, absl::StrCat("the trainer gave no result (", outcome->ending, ")"),
                   absl::StrCat("the end of its output:\n", Harmless(outcome->log_tail, true)));
  }
  context.out().Print(ResultView(task, outcome->result, kept));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto task = TaskOf(options);
  if (!task.ok()) return task.status();
  if (options.to.empty()) {
    const auto scratch = ScratchDirectory::Make();
    return scratch.ok() ? RunIn(context, *task, scratch->path(), "") : scratch.status();
  }
  const std::filesystem::path to = std::filesystem::absolute(options.to).lexically_normal();
  if (std::filesystem::exists(to)) {
    return Failure(absl::StatusCode::kAlreadyExists, absl::StrCat(to.string(), " is there already"),
                   "name a directory that is not");
  }
  return RunIn(context, *task, to, to.string());
}

}  // namespace

Verb TryVerb() {
  return {"try", "Run one cell of a sweep in the foreground; needs no coordinator and keeps nothing",
          "  plasactl try quick -P steps=10\n  plasactl try sweep.yaml --cell 3 --to /tmp/attempt\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            options->choice.Declare(a);
            a.Option("--cell", "N", &options->cell, "which cell, as `plan` numbers them (1); its first seed");
            a.Option("--threads", "N", &options->threads, "threads of the trainer (1)");
            a.Option("--to", "DIR", &options->to, "keep the attempt's directory: events, checkpoints, output");
            a.Option("--trainer", "NAME=PATH", &options->trainers, "another trainer than plasa; repeatable");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
