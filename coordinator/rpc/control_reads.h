// The reading calls of control.proto: queries of the store, with the core's judgement laid over them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/commands.h"
#include "coordinator/store/read.h"
#include "plasa/v1/control.pb.h"

namespace plasa::rpc {

// On a thread of the read pool: each waits for the database, and shortly for the core. The replies are written whole or
// not at all. Errors are the reader's.
class ControlReads {
 public:
  ControlReads(store::Reader& reader, Commands& commands) : reader_(reader), commands_(commands) {}

  [[nodiscard]] absl::StatusOr<v1::ListSweepsReply> ListSweeps(const v1::ListSweepsRequest& request);
  // `cursor` is what the live feed stood at before the call.
  [[nodiscard]] absl::StatusOr<v1::GetSweepReply> GetSweep(const v1::GetSweepRequest& request, uint64_t cursor);
  // The sweep and its trials, all of them or those in `only`.
  [[nodiscard]] absl::StatusOr<v1::WatchSweepReply> Changed(const std::string& sweep,
                                                            const std::optional<std::set<std::string>>& only,
                                                            uint64_t cursor);
  [[nodiscard]] absl::StatusOr<v1::GetTrialReply> GetTrial(const v1::GetTrialRequest& request);
  [[nodiscard]] absl::StatusOr<v1::GetMetricsReply> GetMetrics(const v1::GetMetricsRequest& request);
  [[nodiscard]] absl::StatusOr<v1::GetLogReply> GetLog(const v1::GetLogRequest& request);
  [[nodiscard]] absl::StatusOr<v1::GetResultsReply> GetResults(const v1::GetResultsRequest& request);
  // The sweep or trial that a Cancel means; the tag is not set.
  // Command: CancelCommand or RetryCommand, of the sweep or trial that `target` names.
  template <class Command>
  [[nodiscard]] absl::StatusOr<Command> Resolve(const std::string& target);

 private:
  // Adds the trials that the sweep's verdicts may rest on beside its own.
  [[nodiscard]] absl::Status AddRelated(const std::string& sweep, v1::GetResultsReply* reply);
  // A page of the trial's points, behind the place the request names.
  [[nodiscard]] absl::StatusOr<v1::GetMetricsReply> NextMetrics(const std::string& trial,
                                                                const v1::GetMetricsRequest& request);
  // Asks the core and waits for it, at most a few seconds.
  [[nodiscard]] absl::StatusOr<Judgements> Judge(std::vector<std::string> trials);

  store::Reader& reader_;
  Commands& commands_;
};

}  // namespace plasa::rpc
