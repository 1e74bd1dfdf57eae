#include "coordinator/store/series_reader.h"

#include <algorithm>
#include <limits>
#include <set>

#include "coordinator/store/downsample.h"

namespace plasa::store {
namespace {

constexpr uint64_t kManyPoints = 100'000;

constexpr char kBlocksOfAttempt[] =
    "SELECT b.first_step, b.first_time, b.n, b.crc32c, b.points FROM blocks b JOIN series s ON s.id = b.series "
    "WHERE s.attempt = ? AND s.name = ? AND b.first_step <= ? AND b.last_step >= ? ORDER BY b.first_step";
constexpr char kPointsOfSeries[] = "SELECT n FROM series WHERE attempt = ? AND name = ?";
constexpr char kPointsOfBlocks[] =
    "SELECT coalesce(sum(b.n), 0) FROM blocks b JOIN series s ON s.id = b.series "
    "WHERE s.attempt = ? AND s.name = ? AND b.first_step <= ? AND b.last_step >= ?";
constexpr char kNextBlocksOfAttempt[] =
    "SELECT b.first_step, b.first_time, b.n, b.crc32c, b.points FROM blocks b JOIN series s ON s.id = b.series "
    "WHERE s.attempt = ? AND s.name = ? AND b.first_step <= ? AND b.last_step > ? ORDER BY b.first_step LIMIT ?";
constexpr char kLastBlock[] =
    "SELECT first_step, first_time, n, crc32c, points FROM blocks WHERE series = ? AND first_step <= ? "
    "ORDER BY first_step DESC LIMIT 1";

absl::StatusOr<SeriesBlock> BlockOf(const Statement& row) {
  const BlockHeader header{row.Int(0), row.Double(1), row.Int(2), static_cast<uint32_t>(row.Int(3))};
  return DecodeBlock(header, row.Text(4));
}

// Appends what a later attempt has. Steps grow within an attempt, and an earlier attempt shows none beyond the later
// one's start: at most ties are in the way.
void Join(const std::vector<AttemptPoint>& later, std::vector<AttemptPoint>* points) {
  while (!later.empty() && !points->empty() && points->back().point.step >= later.front().point.step)
    points->pop_back();
  points->insert(points->end(), later.begin(), later.end());
}

}  // namespace

absl::StatusOr<uint64_t> SeriesReader::Count(const std::vector<AttemptPoints>& attempts, const std::string& name,
                                             const StepSpan& span) {
  uint64_t count = 0;
  const auto add = [&count](const Statement& row) {
    count += row.Unsigned(0);
    return absl::OkStatus();
  };
  for (const AttemptPoints& attempt : attempts) {
    const Parameter token = Integer(attempt.token);
    absl::Status read = span.IsAll()
                            ? queries_.Each(kPointsOfSeries, {token, absl::string_view(name)}, add)
                            : queries_.Each(kPointsOfBlocks, {token, absl::string_view(name), span.to, span.from}, add);
    if (!read.ok()) return read;
  }
  return count;
}

absl::StatusOr<std::vector<AttemptPoint>> SeriesReader::Points(const std::vector<AttemptPoints>& attempts,
                                                               const std::string& name, size_t max_points,
                                                               const StepSpan& span) {
  bool only_extremes = false;
  if (max_points > 0) {
    const absl::StatusOr<uint64_t> count = Count(attempts, name, span);
    if (!count.ok()) return count.status();
    only_extremes = *count > std::max<uint64_t>(kManyPoints, kBlockPoints * max_points);
  }
  std::vector<AttemptPoint> points;
  for (const AttemptPoints& attempt : attempts) {
    std::vector<AttemptPoint> more;
    if (absl::Status read = Append(attempt, name, span, only_extremes, &more); !read.ok()) return read;
    Join(more, &points);
  }
  return points;
}

absl::StatusOr<SeriesReader::Part> SeriesReader::PointsAfter(const std::vector<AttemptPoints>& attempts,
                                                             const std::string& name, std::optional<int64_t> after,
                                                             size_t least) {
  Part part;
  for (const AttemptPoints& attempt : attempts) {
    const size_t had = part.points.size();
    absl::StatusOr<Part> next = BlocksAfter(attempt, name, after, least - std::min(least, had));
    if (!next.ok()) return next.status();
    Join(next->points, &part.points);
    part.more = next->more;
    if (part.more) break;
  }
  return part;
}

absl::StatusOr<SeriesReader::Part> SeriesReader::BlocksAfter(const AttemptPoints& attempt, const std::string& name,
                                                             std::optional<int64_t> after, size_t least) {
  Part part;
  const int64_t from = after.value_or(std::numeric_limits<int64_t>::min());
  const auto most = static_cast<int64_t>(least / kBlockPoints) + 2;  // the first may give as little as one point
  int64_t blocks = 0;
  absl::Status read = queries_.Each(
      kNextBlocksOfAttempt, {Integer(attempt.token), absl::string_view(name), attempt.visible_up_to, from, most},
      [&](const Statement& row) -> absl::Status {
        ++blocks;
        const absl::StatusOr<SeriesBlock> block = BlockOf(row);
        if (!block.ok()) return block.status();
        for (const Point& point : block->points)
          if (point.step > from && point.step <= attempt.visible_up_to) part.points.push_back({attempt.number, point});
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  // A point at the last visible step may yet be replaced by a later attempt's, so the part may not end with it.
  part.more = blocks == most && part.points.back().point.step < attempt.visible_up_to;
  return part;
}

absl::Status SeriesReader::Append(const AttemptPoints& attempt, const std::string& name, const StepSpan& span,
                                  bool only_extremes, std::vector<AttemptPoint>* out) {
  const StepSpan shown{span.from, std::min(span.to, attempt.visible_up_to)};
  return queries_.Each(kBlocksOfAttempt, {Integer(attempt.token), absl::string_view(name), shown.to, shown.from},
                       [&](const Statement& row) -> absl::Status {
                         absl::StatusOr<SeriesBlock> block = BlockOf(row);
                         if (!block.ok()) return block.status();
                         std::vector<Point>& points = block->points;
                         std::erase_if(points, [&](const Point& p) { return !shown.Holds(p.step); });
                         for (const Point& point : only_extremes ? Extremes(points) : points)
                           out->push_back({attempt.number, point});
                         return absl::OkStatus();
                       });
}

absl::StatusOr<std::vector<std::string>> SeriesReader::Names(const std::vector<AttemptPoints>& attempts) {
  std::set<std::string> names;
  for (const AttemptPoints& attempt : attempts) {
    absl::Status read =
        queries_.Each("SELECT name FROM series WHERE attempt = ?", {Integer(attempt.token)}, [&](const Statement& row) {
          names.insert(row.Text(0));
          return absl::OkStatus();
        });
    if (!read.ok()) return read;
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::StatusOr<Point> SeriesReader::LastUpTo(int64_t series, int64_t step) {
  absl::StatusOr<Point> last = absl::NotFoundError("no point");
  absl::Status read = queries_.Each(kLastBlock, {series, step}, [&](const Statement& row) -> absl::Status {
    const absl::StatusOr<SeriesBlock> block = BlockOf(row);
    if (!block.ok()) return block.status();
    for (const Point& point : block->points) {
      if (point.step <= step) last = point;
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return last;
}

}  // namespace plasa::store
