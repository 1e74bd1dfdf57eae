#include "coordinator/store/series_writer.h"

#include <bit>
#include <map>

#include "common/base/crc32c.h"

namespace plasa::store {
namespace {

// A series while points are appended to it: its row, and its last block.
struct OpenSeries {
  int64_t id = 0;  // 0: not stored yet
  int64_t n = 0;
  Point first;
  Point last;
  SeriesBlock block;
};

absl::Status LoadLastBlock(Queries& queries, OpenSeries* series) {
  return queries.Each(
      "SELECT first_step, first_time, n, crc32c, points FROM blocks WHERE series = ? ORDER BY first_step DESC LIMIT 1",
      {series->id}, [&](const Statement& row) -> absl::Status {
        const BlockHeader header{row.Int(0), row.Double(1), row.Int(2), static_cast<uint32_t>(row.Int(3))};
        absl::StatusOr<SeriesBlock> block = DecodeBlock(header, row.Text(4));
        if (!block.ok()) return block.status();
        series->block = *std::move(block);
        return absl::OkStatus();
      });
}

absl::StatusOr<OpenSeries> Load(Queries& queries, uint64_t attempt, const std::string& name) {
  OpenSeries series;
  absl::Status read = queries.Each(
      "SELECT id, n, first_step, first_value, last_step, last_value FROM series WHERE attempt = ? AND name = ?",
      {Integer(attempt), absl::string_view(name)}, [&](const Statement& row) {
        series.id = row.Int(0);
        series.n = row.Int(1);
        series.first = {row.Int(2), row.Real(3), 0};
        series.last = {row.Int(4), row.Real(5), 0};
        return absl::OkStatus();
      });
  if (read.ok() && series.id != 0) read = LoadLastBlock(queries, &series);
  if (!read.ok()) return read;
  return series;
}

absl::Status Create(Queries& queries, uint64_t attempt, const std::string& name, OpenSeries* series) {
  absl::Status made = queries.Run(
      "INSERT INTO series (attempt, name, n, first_step, first_value, last_step, last_value) VALUES (?, ?, 0, 0, 0, 0, "
      "0)",
      {Integer(attempt), absl::string_view(name)});
  if (!made.ok()) return made;
  const absl::StatusOr<int64_t> id = queries.connection().QueryInt("SELECT last_insert_rowid()");
  if (id.ok()) series->id = *id;
  return id.status();
}

absl::Status SaveBlock(Queries& queries, const OpenSeries& series) {
  const std::string blob = series.block.Encode();
  const Point& first = series.block.points.front();
  return queries.Run(
      "INSERT OR REPLACE INTO blocks (series, first_step, last_step, n, lo, hi, first_time, crc32c, points) VALUES (?, "
      "?, ?, ?, ?, ?, ?, ?, ?)",
      {series.id, first.step, series.block.points.back().step, Integer(series.block.points.size()),
       Bits{series.block.Lo()}, Bits{series.block.Hi()}, first.time_unix_s,
       static_cast<int64_t>(Crc32c({blob.data(), blob.size()})), Blob{blob}});
}

absl::Status SaveSeries(Queries& queries, const OpenSeries& series) {
  if (absl::Status saved = SaveBlock(queries, series); !saved.ok()) return saved;
  return queries.Run(
      "UPDATE series SET n = ?, first_step = ?, first_value = ?, last_step = ?, last_value = ? WHERE id = ?",
      {series.n, series.first.step, Bits{series.first.value}, series.last.step, Bits{series.last.value}, series.id});
}

bool SameValue(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

absl::Status Append(Queries& queries, OpenSeries* series, const Point& point, PointCounts* counts) {
  if (series->n > 0 && point.step <= series->last.step) {
    const bool equal = point.step == series->last.step && SameValue(point.value, series->last.value);
    ++(equal ? counts->duplicate : counts->conflicting);
    return absl::OkStatus();
  }
  if (!series->block.HasRoomFor(point)) {
    if (absl::Status saved = SaveBlock(queries, *series); !saved.ok()) return saved;
    series->block = {};
  }
  if (series->n == 0) series->first = point;
  series->block.points.push_back(point);
  series->last = point;
  ++series->n;
  ++counts->ingested;
  return absl::OkStatus();
}

absl::Status AppendAll(Queries& queries, uint64_t attempt, const std::string& name, const std::vector<Point>& points,
                       PointCounts* counts) {
  absl::StatusOr<OpenSeries> series = Load(queries, attempt, name);
  if (!series.ok()) return series.status();
  if (series->id == 0) {
    if (absl::Status made = Create(queries, attempt, name, &*series); !made.ok()) return made;
  }
  const int64_t before = series->n;
  for (const Point& point : points) {
    if (absl::Status appended = Append(queries, &*series, point, counts); !appended.ok()) return appended;
  }
  return series->n > before ? SaveSeries(queries, *series) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<PointCounts> AppendPoints(Queries& queries, uint64_t attempt,
                                         const std::vector<std::pair<std::string, Point>>& points) {
  std::map<std::string, std::vector<Point>> by_name;
  for (const auto& [name, point] : points) by_name[name].push_back(point);
  PointCounts counts;
  for (const auto& [name, series] : by_name) {
    if (absl::Status appended = AppendAll(queries, attempt, name, series, &counts); !appended.ok()) return appended;
  }
  return counts;
}

}  // namespace plasa::store
