// A sweep's points for other programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include "absl/status/statusor.h"
#include "cli/export/points.h"
#include "cli/remote/control_client.h"

namespace plasa::cli {

struct ExportSummary {
  size_t trials = 0;
  uint64_t points = 0;
};

// Every visible point of every trial, in grid order, by name and step, as lines. Memory does not grow with them.
[[nodiscard]] absl::StatusOr<ExportSummary> ExportLines(ControlClient& client, const pb::GetSweepReply& sweep,
                                                        const PointLines& lines, std::ostream& out);

// The same into the new file `to`; it is whole or not there.
[[nodiscard]] absl::StatusOr<ExportSummary> ExportFile(ControlClient& client, const pb::GetSweepReply& sweep,
                                                       const PointLines& lines, const std::filesystem::path& to);

// A directory a trial below the new directory `to` (RunNames; below INVALID those of reference modes), with an event
// file that TensorBoard opens.
[[nodiscard]] absl::StatusOr<ExportSummary> ExportTfEvents(ControlClient& client, const pb::GetSweepReply& sweep,
                                                           const std::filesystem::path& to);

}  // namespace plasa::cli
