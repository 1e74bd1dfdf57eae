// Reads metric series from their blocks.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/views.h"

namespace plasa::store {

// One attempt as far as its points are concerned.
struct AttemptPoints {
  uint64_t token = 0;
  int64_t number = 0;
  int64_t visible_up_to = 0;  // step
};

// All on one connection, within one transaction of the caller.
class SeriesReader {
 public:
  explicit SeriesReader(Queries& queries) : queries_(queries) {}

  // Visible points of the attempts of one trial (by number) for `name` within `span`, by step; at one step the newest
  // attempt's counts. Where at most `max_points` are wanted in the end (0 = all) and there are far more, only the
  // extremes of each block: memory must not grow with the series.
  [[nodiscard]] absl::StatusOr<std::vector<AttemptPoint>> Points(const std::vector<AttemptPoints>& attempts,
                                                                 const std::string& name, size_t max_points,
                                                                 const StepSpan& span = {});
  // The next of these points behind step `after` (none: from the first): all there are, or about `least` and then some
  // are left.
  struct Part {
    std::vector<AttemptPoint> points;
    bool more = false;
  };
  [[nodiscard]] absl::StatusOr<Part> PointsAfter(const std::vector<AttemptPoints>& attempts, const std::string& name,
                                                 std::optional<int64_t> after, size_t least);
  // How many points the attempts have of `name` in the blocks that reach into `span`; visible or not.
  [[nodiscard]] absl::StatusOr<uint64_t> Count(const std::vector<AttemptPoints>& attempts, const std::string& name,
                                               const StepSpan& span);
  // The names of all series of these attempts, sorted.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Names(const std::vector<AttemptPoints>& attempts);
  // The last point of a series at or before `step`. NOT_FOUND when there is none.
  [[nodiscard]] absl::StatusOr<Point> LastUpTo(int64_t series, int64_t step);

 private:
  // The points of one attempt in its next blocks, so many that they hold `least` where blocks are full.
  [[nodiscard]] absl::StatusOr<Part> BlocksAfter(const AttemptPoints& attempt, const std::string& name,
                                                 std::optional<int64_t> after, size_t least);
  // Appends the points of one attempt within `span` and up to its visible step, or the extremes of each of their
  // blocks.
  [[nodiscard]] absl::Status Append(const AttemptPoints& attempt, const std::string& name, const StepSpan& span,
                                    bool only_extremes, std::vector<AttemptPoint>* out);

  Queries& queries_;
};

}  // namespace plasa::store
