#include "coordinator/store/series_reader.h"

#include <algorithm>
#include <set>

#include "coordinator/store/downsample.h"

namespace plasa::store {
namespace {

constexpr uint64_t kManyPoints = 100'000;

constexpr char kBlocksOfAttempt[] =
    "SELECT b.first_step, b.first_time, b.n, b.crc32c, b.points FROM blocks b JOIN series s ON s.id = b.series "
    "WHERE s.attempt = ? AND s.name = ? AND b.first_step <= ? ORDER BY b.first_step";
constexpr char kLastBlock[] =
    "SELECT first_step, first_time, n, crc32c, points FROM blocks WHERE series = ? AND first_step <= ? "
    "ORDER BY first_step DESC LIMIT 1";

absl::StatusOr<SeriesBlock> BlockOf(const Statement& row) {
  const BlockHeader header{row.Int(0), row.Double(1), row.Int(2), static_cast<uint32_t>(row.Int(3))};
  return DecodeBlock(header, row.Text(4));
}

}  // namespace

absl::StatusOr<uint64_t> SeriesReader::Count(const std::vector<AttemptPoints>& attempts, const std::string& name) {
  uint64_t count = 0;
  for (const AttemptPoints& attempt : attempts) {
    absl::Status read = queries_.Each("SELECT n FROM series WHERE attempt = ? AND name = ?",
                                      {Integer(attempt.token), absl::string_view(name)}, [&](const Statement& row) {
                                        count += row.Unsigned(0);
                                        return absl::OkStatus();
                                      });
    if (!read.ok()) return read;
  }
  return count;
}

absl::StatusOr<std::vector<AttemptPoint>> SeriesReader::Points(const std::vector<AttemptPoints>& attempts,
                                                               const std::string& name, size_t max_points) {
  bool only_extremes = false;
  if (max_points > 0) {
    const absl::StatusOr<uint64_t> count = Count(attempts, name);
    if (!count.ok()) return count.status();
    only_extremes = *count > std::max<uint64_t>(kManyPoints, kBlockPoints * max_points);
  }
  std::vector<AttemptPoint> points;
  for (const AttemptPoints& attempt : attempts) {
    std::vector<AttemptPoint> more;
    if (absl::Status read = Append(attempt, name, only_extremes, &more); !read.ok()) return read;
    // Steps grow within an attempt, and an earlier attempt shows none beyond this one's start: at most ties are in the
    // way.
    while (!more.empty() && !points.empty() && points.back().point.step >= more.front().point.step) points.pop_back();
    points.insert(points.end(), more.begin(), more.end());
  }
  return points;
}

absl::Status SeriesReader::Append(const AttemptPoints& attempt, const std::string& name, bool only_extremes,
                                  std::vector<AttemptPoint>* out) {
  return queries_.Each(kBlocksOfAttempt, {Integer(attempt.token), absl::string_view(name), attempt.visible_up_to},
                       [&](const Statement& row) -> absl::Status {
                         absl::StatusOr<SeriesBlock> block = BlockOf(row);
                         if (!block.ok()) return block.status();
                         std::vector<Point>& points = block->points;
                         std::erase_if(points, [&](const Point& p) { return p.step > attempt.visible_up_to; });
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
