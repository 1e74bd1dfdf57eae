#include "cli/mlflow/push.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "cli/export/run_names.h"
#include "cli/mlflow/run_text.h"
#include "cli/output/exit_code.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

// The points of one run, in batches; those that the server has are left out. After an error it does nothing more.
class PointSender {
 public:
  PointSender(const TrackingServer& server, const TrackedRun& run) : server_(server), run_(run) {}

  void Take(const pb::MetricPoint& point) {
    ++seen_;
    const std::string& key = KeyFor(point.name());
    if (last_step_ && point.step() <= *last_step_) return;
    batch_.push_back(json::object{{"key", key},
                                  {"value", point.value()},
                                  {"timestamp", std::llround(1000 * point.time_unix_s())},
                                  {"step", point.step()}});
    if (batch_.size() == kBatchMetrics) Flush();
  }

  absl::Status Finish() {
    if (!batch_.empty()) Flush();
    return status_;
  }

  [[nodiscard]] uint64_t seen() const { return seen_; }
  [[nodiscard]] uint64_t sent() const { return sent_; }

 private:
  // Points come by name: what belongs to the name is looked up where it changes.
  const std::string& KeyFor(const std::string& name) {
    if (name == name_ && !key_.empty()) return key_;
    name_ = name;
    key_ = KeyOf(name);
    const auto found = run_.last_step.find(key_);
    last_step_ = found == run_.last_step.end() ? std::nullopt : std::optional(found->second);
    return key_;
  }

  void Flush() {
    const size_t count = batch_.size();
    if (status_.ok()) status_ = server_.LogMetrics(run_.id, std::move(batch_));
    if (status_.ok()) sent_ += count;
    batch_ = {};
  }

  const TrackingServer& server_;
  const TrackedRun& run_;
  std::string name_, key_;
  std::optional<int64_t> last_step_;
  json::array batch_;
  uint64_t seen_ = 0, sent_ = 0;
  absl::Status status_;
};

// One push. Lives as long as PushSweep.
class Push {
 public:
  Push(ControlClient& client, const TrackingServer& server, const pb::GetSweepReply& sweep, std::string experiment)
      : client_(client), server_(server), sweep_(sweep), experiment_(std::move(experiment)), names_(RunNames(sweep)) {}

  absl::Status Trial(const pb::Trial& trial) {
    const auto run = RunFor(trial);
    if (!run.ok()) return run.status();
    absl::Status status = Describe(*run, trial);
    if (status.ok()) status = SendPoints(*run, trial);
    if (status.ok()) status = Conclude(*run, trial);
    if (status.ok()) ++summary_.trials;
    return status;
  }

  [[nodiscard]] const PushSummary& summary() const { return summary_; }

 private:
  absl::StatusOr<TrackedRun> RunFor(const pb::Trial& trial) {
    auto found = server_.FindRun(experiment_, "plasa.trial", trial.id());
    if (!found.ok()) return found.status();
    if (*found && IsCurrent(**found, trial)) return std::move(**found);
    if (*found) {
      if (absl::Status deleted = server_.DeleteRun((*found)->id); !deleted.ok()) return deleted;
      ++summary_.replaced;
    }
    return server_.CreateRun(experiment_, TitleOf(trial), StartMs(trial), RunTags(sweep_.sweep(), trial));
  }

  // An attempt goes on where a checkpoint was, so what came later in the one before it is not shown any more.
  static bool IsCurrent(const TrackedRun& run, const pb::Trial& trial) {
    const auto tag = run.tags.find("plasa.attempt");
    return tag != run.tags.end() && tag->second == absl::StrCat(NewestAttempt(trial));
  }

  // Name and tags stand before the first point: what is INVALID is never seen without saying so.
  absl::Status Describe(const TrackedRun& run, const pb::Trial& trial) {
    absl::Status status = server_.SetTags(run.id, RunTags(sweep_.sweep(), trial));
    if (status.ok() && run.name != TitleOf(trial)) status = server_.Rename(run.id, TitleOf(trial));
    const KeyValues params = RunParams(trial);
    for (size_t at = 0; status.ok() && at < params.size(); at += kBatchParams) {
      const auto first = params.begin() + static_cast<std::ptrdiff_t>(at);
      const auto count = static_cast<std::ptrdiff_t>(std::min(kBatchParams, params.size() - at));
      status = server_.LogParams(run.id, KeyValues(first, first + count));
    }
    return status;
  }

  absl::Status SendPoints(const TrackedRun& run, const pb::Trial& trial) {
    pb::GetMetricsRequest request;
    request.set_trial(trial.id());
    PointSender sender(server_, run);
    const int64_t newest = NewestAttempt(trial);
    absl::Status read = client_.EachMetrics(request, [&](const pb::GetMetricsReply& page) {
      for (const pb::MetricPoint& point : page.points()) {
        // An attempt that began since the sweep was read is for the next push.
        if (point.attempt() <= newest) sender.Take(point);
      }
    });
    if (!read.ok()) return read;
    absl::Status sent = sender.Finish();
    summary_.points += sender.seen();
    summary_.sent += sender.sent();
    return sent;
  }

  // Last: a run that was not pushed to its end is RUNNING in MLflow.
  absl::Status Conclude(const TrackedRun& run, const pb::Trial& trial) {
    const std::string status = RunStatus(trial.state());
    if (run.status == status && run.end_ms == EndMs(trial)) return absl::OkStatus();
    return server_.SetStatus(run.id, status, EndMs(trial));
  }

  std::string TitleOf(const pb::Trial& trial) const { return RunTitle(trial, names_.at(trial.id())); }

  ControlClient& client_;
  const TrackingServer& server_;
  const pb::GetSweepReply& sweep_;
  const std::string experiment_;
  const std::map<std::string, std::string> names_;
  PushSummary summary_;
};

absl::Status WithAdvice(const absl::Status& status) {
  const std::string hint = HintOf(status);
  return Failure(status.code(), std::string(status.message()),
                 absl::StrCat(hint, hint.empty() ? "" : "; ", "the same push again goes on where this one ended"));
}

}  // namespace

absl::StatusOr<PushSummary> PushSweep(ControlClient& client, const TrackingServer& server,
                                      const pb::GetSweepReply& sweep, const std::string& experiment) {
  const auto id = server.Experiment(experiment);
  if (!id.ok()) return id.status();
  Push push(client, server, sweep, *id);
  for (const pb::Trial& trial : sweep.trials()) {
    if (trial.attempts().empty()) continue;
    if (absl::Status pushed = push.Trial(trial); !pushed.ok()) return WithAdvice(pushed);
  }
  return push.summary();
}

}  // namespace plasa::cli
