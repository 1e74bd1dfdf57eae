// A sweep's trials as runs of an MLflow experiment.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "cli/mlflow/tracking_server.h"
#include "cli/remote/control_client.h"

namespace plasa::cli {

struct PushSummary {
  size_t trials = 0;    // those that have begun: the others have nothing to show
  uint64_t points = 0;  // that these runs hold now
  uint64_t sent = 0;    // of them, by this push
  size_t replaced = 0;  // runs that held points of an attempt before the newest
};

// Makes the experiment's runs what the sweep shows now. What is there is found and not sent again: a run by its tag
// plasa.trial; of each metric, the points up to the last step that the server has, since points are sent in the order
// of their steps. A run of an earlier attempt (tag plasa.attempt) may hold points that the trial no longer shows: it is
// deleted and pushed anew. So a push that ends early is mended by the next one. One push of a trial at a time.
[[nodiscard]] absl::StatusOr<PushSummary> PushSweep(ControlClient& client, const TrackingServer& server,
                                                    const pb::GetSweepReply& sweep, const std::string& experiment);

}  // namespace plasa::cli
