#include "coordinator/rpc/control_reads.h"

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include "coordinator/overlay.h"
#include "coordinator/rpc/view_messages.h"

namespace plasa::rpc {
namespace {

constexpr auto kCoreWait = std::chrono::seconds(5);
constexpr uint32_t kMaxSweeps = 10'000;
constexpr size_t kPagePoints = 50'000;  // some 5 MB as messages

std::vector<std::string> IdsOf(const std::vector<store::TrialView>& trials) {
  std::vector<std::string> ids;
  for (const store::TrialView& trial : trials) ids.push_back(trial.id);
  return ids;
}

}  // namespace

absl::StatusOr<Judgements> ControlReads::Judge(std::vector<std::string> trials) {
  auto answer = std::make_shared<std::promise<absl::StatusOr<Judgements>>>();
  auto future = answer->get_future();
  commands_.Judge(std::move(trials),
                  [answer](absl::StatusOr<Judgements> judged) { answer->set_value(std::move(judged)); });
  if (future.wait_for(kCoreWait) != std::future_status::ready) {
    return absl::UnavailableError("the coordinator's core is too busy to answer; try again");
  }
  return future.get();
}

absl::StatusOr<v1::ListSweepsReply> ControlReads::ListSweeps(const v1::ListSweepsRequest& request) {
  const auto judged = Judge({});
  if (!judged.ok()) return judged.status();
  auto sweeps = reader_.Sweeps(std::min(request.limit(), kMaxSweeps));
  if (!sweeps.ok()) return sweeps.status();
  v1::ListSweepsReply reply;
  for (store::SweepView& sweep : *sweeps) {
    Overlay(*judged, &sweep);
    Fill(sweep, reply.add_sweeps());
  }
  return reply;
}

absl::StatusOr<v1::GetSweepReply> ControlReads::GetSweep(const v1::GetSweepRequest& request, uint64_t cursor) {
  const auto id = reader_.FindSweep(request.sweep());
  if (!id.ok()) return id.status();
  auto all = Changed(*id, std::nullopt, cursor);
  if (!all.ok()) return all.status();
  v1::GetSweepReply reply;
  reply.mutable_sweep()->Swap(all->mutable_sweep());
  reply.mutable_trials()->Swap(all->mutable_changed());
  reply.set_cursor(cursor);
  return reply;
}

absl::StatusOr<v1::WatchSweepReply> ControlReads::Changed(const std::string& sweep,
                                                          const std::optional<std::set<std::string>>& only,
                                                          uint64_t cursor) {
  auto view = reader_.Sweep(sweep);
  if (!view.ok()) return view.status();
  auto trials = reader_.Trials(sweep, only ? &*only : nullptr);
  if (!trials.ok()) return trials.status();
  const auto judged = Judge(IdsOf(*trials));
  if (!judged.ok()) return judged.status();
  v1::WatchSweepReply reply;
  Overlay(*judged, &*view);
  Fill(*view, reply.mutable_sweep());
  for (store::TrialView& trial : *trials) {
    Overlay(*judged, &trial);
    Fill(trial, reply.add_changed());
  }
  reply.set_cursor(cursor);
  return reply;
}

absl::StatusOr<v1::GetTrialReply> ControlReads::GetTrial(const v1::GetTrialRequest& request) {
  const auto id = reader_.FindTrial(request.trial());
  if (!id.ok()) return id.status();
  auto detail = reader_.Trial(*id);
  if (!detail.ok()) return detail.status();
  const auto judged = Judge({*id});
  if (!judged.ok()) return judged.status();
  Overlay(*judged, &detail->trial);
  v1::GetTrialReply reply;
  Fill(*detail, &reply);
  return reply;
}

absl::StatusOr<v1::GetMetricsReply> ControlReads::GetMetrics(const v1::GetMetricsRequest& request) {
  const auto id = reader_.FindTrial(request.trial());
  if (!id.ok()) return id.status();
  if (request.max_points() == 0) return NextMetrics(*id, request);
  const auto series = reader_.Metrics(*id, request.name(), request.max_points());
  if (!series.ok()) return series.status();
  v1::GetMetricsReply reply;
  Fill(*series, &reply);
  return reply;
}

absl::StatusOr<v1::GetMetricsReply> ControlReads::NextMetrics(const std::string& trial,
                                                              const v1::GetMetricsRequest& request) {
  std::optional<store::PointPlace> after;
  if (request.has_after()) after = store::PointPlace{request.after().name(), request.after().step()};
  const auto page = reader_.MetricsPage(trial, request.name(), after, kPagePoints);
  if (!page.ok()) return page.status();
  v1::GetMetricsReply reply;
  Fill(page->series, &reply);
  reply.set_more(page->more);
  return reply;
}

absl::StatusOr<v1::GetLogReply> ControlReads::GetLog(const v1::GetLogRequest& request) {
  const auto id = reader_.FindTrial(request.trial());
  if (!id.ok()) return id.status();
  const auto log = reader_.Log(*id, request.max_bytes());
  if (!log.ok()) return log.status();
  v1::GetLogReply reply;
  Fill(*log, &reply);
  return reply;
}

absl::StatusOr<v1::GetResultsReply> ControlReads::GetResults(const v1::GetResultsRequest& request) {
  const auto id = reader_.FindSweep(request.sweep());
  if (!id.ok()) return id.status();
  auto sweep = reader_.Sweep(*id);
  if (!sweep.ok()) return sweep.status();
  const auto results = reader_.Results(*id);
  if (!results.ok()) return results.status();
  v1::GetResultsReply reply;
  Fill(*sweep, reply.mutable_sweep());
  for (const store::TrialResultView& result : *results) {
    v1::TrialResult* entry = reply.add_results();
    Fill(result.trial, entry->mutable_trial());
    entry->set_result_json(result.result_json);
    entry->set_stats_json(result.stats_json);
    if (!result.checkpoint.digest.empty()) Fill(result.checkpoint, entry->mutable_checkpoint());
  }
  if (request.related()) {
    if (absl::Status added = AddRelated(*id, &reply); !added.ok()) return added;
  }
  return reply;
}

absl::Status ControlReads::AddRelated(const std::string& sweep, v1::GetResultsReply* reply) {
  const auto ids = reader_.Related(sweep);
  if (!ids.ok()) return ids.status();
  for (const std::string& id : *ids) {
    const auto detail = reader_.Trial(id);
    if (!detail.ok()) return detail.status();
    v1::TrialResult* entry = reply->add_related();
    Fill(detail->trial, entry->mutable_trial());
    entry->set_result_json(detail->result_json);
  }
  return absl::OkStatus();
}

template <class Command>
absl::StatusOr<Command> ControlReads::Resolve(const std::string& target) {
  const auto sweep = reader_.FindSweep(target);
  if (sweep.ok()) return Command{{}, true, *sweep};
  if (!absl::IsNotFound(sweep.status())) return sweep.status();
  const auto trial = reader_.FindTrial(target);
  if (trial.ok()) return Command{{}, false, *trial};
  if (!absl::IsNotFound(trial.status())) return trial.status();
  return absl::NotFoundError("no sweep or trial is called '" + target + "'");
}
template absl::StatusOr<CancelCommand> ControlReads::Resolve(const std::string&);
template absl::StatusOr<RetryCommand> ControlReads::Resolve(const std::string&);

}  // namespace plasa::rpc
