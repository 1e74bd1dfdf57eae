#include "cli/export/export.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "cli/export/run_names.h"
#include "cli/export/tfevents.h"
#include "cli/output/exit_code.h"
#include "cli/remote/words.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

absl::Status Unwritable(const fs::path& path) {
  return Failure(absl::StatusCode::kPermissionDenied, absl::StrCat("cannot write ", path.string()),
                 "check the directory's rights and the free space");
}

absl::Status MustBeNew(const fs::path& to) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(to, error))) return absl::OkStatus();
  return Failure(absl::StatusCode::kAlreadyExists, absl::StrCat(to.string(), " exists"),
                 "name a place that is not there yet");
}

// Results of a reference mode stand apart, so that a curve's name says what they are.
fs::path MarkOf(const pb::Trial& trial) { return IsInvalid(trial) ? "INVALID" : ""; }

fs::path PartialOf(const fs::path& to) { return absl::StrCat(to.string(), ".partial"); }

absl::Status Publish(const fs::path& to) {
  std::error_code error;
  fs::rename(PartialOf(to), to, error);
  return error ? Unwritable(to) : absl::OkStatus();
}

absl::StatusOr<uint64_t> EachPoint(ControlClient& client, const pb::Trial& trial,
                                   absl::FunctionRef<void(const pb::MetricPoint&)> use) {
  pb::GetMetricsRequest request;
  request.set_trial(trial.id());
  uint64_t points = 0;
  absl::Status read = client.EachMetrics(request, [&](const pb::GetMetricsReply& page) {
    for (const pb::MetricPoint& point : page.points()) use(point);
    points += static_cast<uint64_t>(page.points_size());
  });
  if (!read.ok()) return read;
  return points;
}

absl::StatusOr<uint64_t> ExportRun(ControlClient& client, const pb::Trial& trial, const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  const fs::path file = directory / absl::StrCat("events.out.tfevents.", trial.id());
  std::ofstream out(file, std::ios::binary);
  bool first = true;
  const auto points = EachPoint(client, trial, [&](const pb::MetricPoint& point) {
    if (first) out << TfRecord(TfVersionEvent(point.time_unix_s()));
    first = false;
    out << TfRecord(TfScalarEvent(point.name(), point.step(), point.value(), point.time_unix_s()));
  });
  if (!points.ok()) return points.status();
  out.close();
  if (out.fail()) return Unwritable(file);
  return points;
}

}  // namespace

absl::StatusOr<ExportSummary> ExportLines(ControlClient& client, const pb::GetSweepReply& sweep,
                                          const PointLines& lines, std::ostream& out) {
  ExportSummary summary;
  out << lines.Head();
  for (const pb::Trial& trial : sweep.trials()) {
    const auto points =
        EachPoint(client, trial, [&](const pb::MetricPoint& point) { out << lines.Line(trial, point); });
    if (!points.ok()) return points.status();
    ++summary.trials;
    summary.points += *points;
  }
  return summary;
}

absl::StatusOr<ExportSummary> ExportFile(ControlClient& client, const pb::GetSweepReply& sweep, const PointLines& lines,
                                         const fs::path& to) {
  if (absl::Status fresh = MustBeNew(to); !fresh.ok()) return fresh;
  std::ofstream out(PartialOf(to), std::ios::binary);
  auto summary = ExportLines(client, sweep, lines, out);
  out.close();
  absl::Status done = summary.status();
  if (done.ok()) done = out.fail() ? Unwritable(to) : Publish(to);
  if (done.ok()) return summary;
  std::error_code error;
  fs::remove(PartialOf(to), error);
  return done;
}

absl::StatusOr<ExportSummary> ExportTfEvents(ControlClient& client, const pb::GetSweepReply& sweep,
                                             const fs::path& to) {
  if (absl::Status fresh = MustBeNew(to); !fresh.ok()) return fresh;
  ExportSummary summary;
  absl::Status done;
  const std::map<std::string, std::string> names = RunNames(sweep);
  for (const pb::Trial& trial : sweep.trials()) {
    const auto points = ExportRun(client, trial, PartialOf(to) / MarkOf(trial) / names.at(trial.id()));
    done = points.status();
    if (!done.ok()) break;
    ++summary.trials;
    summary.points += *points;
  }
  if (done.ok()) done = Publish(to);
  if (done.ok()) return summary;
  std::error_code error;
  fs::remove_all(PartialOf(to), error);
  return done;
}

}  // namespace plasa::cli
