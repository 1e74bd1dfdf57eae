#include "coordinator/store/rung_reader.h"

#include <map>
#include <utility>

#include "coordinator/store/series_block.h"

namespace plasa::store {

using coordinator::MetricReport;
using coordinator::RungRecord;

absl::StatusOr<std::vector<MetricReport>> ReadReports(Queries& queries, const std::string& trial,
                                                      const std::string& metric) {
  std::vector<MetricReport> reports;
  absl::Status read = queries.Each(
      "SELECT b.first_step, b.first_time, b.n, b.crc32c, b.points FROM attempts a JOIN series s ON s.attempt = a.token "
      "JOIN blocks b ON b.series = s.id WHERE a.trial = ? AND s.name = ? ORDER BY a.number, b.first_step",
      {absl::string_view(trial), absl::string_view(metric)}, [&](const Statement& row) -> absl::Status {
        const BlockHeader header{row.Int(0), row.Double(1), row.Int(2), static_cast<uint32_t>(row.Int(3))};
        const absl::StatusOr<SeriesBlock> block = DecodeBlock(header, row.Text(4));
        if (!block.ok()) return block.status();
        for (const Point& point : block->points) reports.push_back({point.step, point.value});
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return reports;
}

absl::StatusOr<std::vector<RungRecord>> ReadRungs(Queries& queries) {
  std::map<std::pair<std::string, int64_t>, RungRecord> rungs;
  absl::Status read =
      queries.Each("SELECT sweep, rung, cells, kept, worst_kept, decided FROM rungs", {}, [&](const Statement& row) {
        rungs[{row.Text(0), row.Int(1)}] = {row.Text(0), row.Int(1),    row.Int(2), row.Int(3),
                                            row.Real(4), row.Double(5), {}};
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  read = queries.Each("SELECT sweep, rung, trial, value FROM pruned", {}, [&](const Statement& row) {
    const auto rung = rungs.find({row.Text(0), row.Int(1)});
    if (rung == rungs.end()) return absl::DataLossError("a trial is pruned at a rung that is not in the database");
    rung->second.pruned.push_back({row.Text(2), row.Real(3)});
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  std::vector<RungRecord> all;
  for (auto& [place, rung] : rungs) all.push_back(std::move(rung));
  return all;
}

}  // namespace plasa::store
