#include "cli/export/export.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/context.h"
#include "cli/mlflow/push.h"
#include "cli/output/exit_code.h"
#include "cli/output/suggest.h"
#include "cli/verbs/verbs.h"
#include "coordinator/store/sweep_copy.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string sweep = "last";
  std::string format = "csv";
  std::string to;
  std::string experiment;  // of MLflow; empty: the sweep's name
};

const std::vector<std::string>& Formats() {
  static const auto& formats = *new std::vector<std::string>{"csv", "jsonl", "tfevents", "sqlite", "mlflow"};
  return formats;
}

absl::Status CheckPlace(const Options& options) {
  const bool push = options.format == "mlflow";
  if (!options.experiment.empty() && !push)
    return Failure(absl::StatusCode::kInvalidArgument, "--experiment is for --format mlflow", "leave it out");
  if (!options.to.empty() && (options.to != "-" || options.format == "csv" || options.format == "jsonl"))
    return absl::OkStatus();
  return Failure(absl::StatusCode::kInvalidArgument,
                 options.to.empty() ? "--to is missing" : "--to - is for csv and jsonl",
                 push ? "name the server, e.g. --to http://127.0.0.1:5000"
                      : "name where to write, e.g. --to points." + options.format);
}

absl::Status Check(const Options& options) {
  for (const std::string& format : Formats()) {
    if (options.format == format) return CheckPlace(options);
  }
  const std::string near = Nearest(options.format, Formats());
  return Failure(absl::StatusCode::kInvalidArgument,
                 absl::StrCat("--format ", options.format, " is none of ", absl::StrJoin(Formats(), ", ")),
                 near.empty() ? "csv is the default" : absl::StrCat("did you mean ", near, "?"));
}

absl::StatusOr<pb::GetSweepReply> SweepOf(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::GetSweepRequest request;
  request.set_sweep(options.sweep);
  return (*client)->GetSweep(request);
}

// By the coordinator; memory does not grow with the sweep's points.
absl::StatusOr<ExportSummary> ExportPoints(Context& context, const Options& options) {
  const auto sweep = SweepOf(context, options);
  if (!sweep.ok()) return sweep.status();
  const auto client = context.Coordinator();
  if (options.format == "tfevents") return ExportTfEvents(**client, *sweep, options.to);
  const CsvPoints csv(*sweep);
  const JsonPoints jsonl;
  const PointLines& lines = options.format == "csv" ? static_cast<const PointLines&>(csv) : jsonl;
  return options.to == "-" ? ExportLines(**client, *sweep, lines, std::cout)
                           : ExportFile(**client, *sweep, lines, options.to);
}

absl::StatusOr<ExportSummary> ExportDatabase(Context& context, const Options& options) {
  const auto copied = store::CopySweep(context.state_dir().string(), options.sweep, options.to);
  if (!copied.ok()) return copied.status();
  return ExportSummary{static_cast<size_t>(copied->trials), static_cast<uint64_t>(copied->points)};
}

void PrintPush(Context& context, const std::string& to, const std::string& experiment, const PushSummary& summary) {
  View view;
  view.json = {{"v", 1},
               {"to", to},
               {"format", "mlflow"},
               {"trials", summary.trials},
               {"points", summary.points},
               {"experiment", experiment},
               {"sent", summary.sent},
               {"replaced", summary.replaced}};
  view.table.columns = {{"TO"}, {"EXPERIMENT"}, {"TRIALS", true}, {"POINTS", true}, {"SENT", true}, {"REPLACED", true}};
  view.table.rows = {{to, experiment, absl::StrCat(summary.trials), absl::StrCat(summary.points),
                      absl::StrCat(summary.sent), absl::StrCat(summary.replaced)}};
  context.out().Print(view);
}

absl::StatusOr<ExitCode> RunPush(Context& context, const Options& options) {
  const auto url = ParseHttpUrl(options.to);
  if (!url.ok()) return url.status();
  const auto sweep = SweepOf(context, options);
  if (!sweep.ok()) return sweep.status();
  const auto client = context.Coordinator();
  const TrackingServer server(JsonHttp(*url, AuthorizationFromEnvironment(), context.globals().timeout_s));
  const std::string experiment = options.experiment.empty() ? sweep->sweep().name() : options.experiment;
  const auto summary = PushSweep(**client, server, *sweep, experiment);
  if (!summary.ok()) return summary.status();
  PrintPush(context, url->Text(), experiment, *summary);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  if (absl::Status checked = Check(options); !checked.ok()) return checked;
  if (options.format == "mlflow") return RunPush(context, options);
  const auto summary = options.format == "sqlite" ? ExportDatabase(context, options) : ExportPoints(context, options);
  if (!summary.ok()) return summary.status();
  if (options.to == "-") return ExitCode::kOk;
  View view;
  view.json = {{"v", 1},
               {"to", options.to},
               {"format", options.format},
               {"trials", summary->trials},
               {"points", summary->points}};
  view.table.columns = {{"TO"}, {"FORMAT"}, {"TRIALS", true}, {"POINTS", true}};
  view.table.rows = {{options.to, options.format, absl::StrCat(summary->trials), absl::StrCat(summary->points)}};
  if (options.format == "tfevents")
    view.after = absl::StrCat("Look at it with: tensorboard --logdir ", options.to, "\n");
  context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb ExportVerb() {
  return {"export", "Write all points of a sweep for other programs",
          "  plasactl export last --to points.csv\n  plasactl export last --format tfevents --to runs\n"
          "  plasactl export last --format sqlite --to sweep.db\n"
          "  plasactl export last --format mlflow --to http://127.0.0.1:5000\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Optional("SWEEP", &options->sweep, "id, unique prefix, name, or last (the default)");
            a.Option("--format", "FORMAT", &options->format,
                     "csv (the default), jsonl, tfevents (TensorBoard), sqlite (on the coordinator's machine), mlflow");
            a.Option("--to", "PATH", &options->to,
                     "a place that is not there yet; - for stdout (csv, jsonl); http://HOST:PORT (mlflow)");
            a.Option("--experiment", "NAME", &options->experiment, "of MLflow (default: the sweep's name)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
