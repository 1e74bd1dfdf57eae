#include "cli/drill/outcome.h"

#include <utility>

#include "analysis/result_table.h"
#include "cli/remote/words.h"
#include "cli/report/tree.h"

namespace plasa::cli {
namespace {

absl::StatusOr<Outcome::Trial> ReadTrial(ControlClient& client, const pb::Trial& source) {
  Outcome::Trial trial{source.id(), StateWord(source.state()), source.admitted(), 0, 0, {}};
  for (const pb::Attempt& attempt : source.attempts()) {
    ++trial.attempts;
    trial.resumed += attempt.start_step() > 0 ? 1 : 0;
  }
  pb::GetMetricsRequest request;
  request.set_trial(source.id());
  absl::Status read = client.EachMetrics(request, [&](const pb::GetMetricsReply& page) {
    for (const pb::MetricPoint& point : page.points()) {
      if (!analysis::IsTiming(point.name())) trial.points.push_back({point.name(), point.step(), point.value()});
    }
  });
  if (!read.ok()) return read;
  return trial;
}

}  // namespace

absl::StatusOr<Outcome> ReadOutcome(ControlClient& client, const std::string& sweep) {
  pb::GetResultsRequest request;
  request.set_sweep(sweep);
  const auto results = client.GetResults(request);
  if (!results.ok()) return results.status();
  Outcome outcome{ResultTable(*results), {}};
  for (const pb::TrialResult& result : results->results()) {
    auto trial = ReadTrial(client, result.trial());
    if (!trial.ok()) return trial.status();
    outcome.trials.push_back(*std::move(trial));
  }
  return outcome;
}

}  // namespace plasa::cli
