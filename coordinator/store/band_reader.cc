#include "coordinator/store/band_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/store/trial_reader.h"

namespace plasa::store {
namespace {

constexpr size_t kMostPoints = 500'000;  // remembered in all; 16 MB

}  // namespace

const BandView* BandCache::Find(const std::string& key) const {
  const auto it = bands_.find(key);
  return it == bands_.end() ? nullptr : &it->second;
}

void BandCache::Keep(const std::string& key, const BandView& band) {
  const size_t cost = band.points.size() + key.size() / sizeof(BandPoint) + 1;
  if (points_ + cost > kMostPoints) {
    bands_.clear();
    points_ = 0;
  }
  if (bands_.emplace(key, band).second) points_ += cost;
}

absl::StatusOr<std::vector<BandReader::Cell>> BandReader::CellsOf(const std::string& sweep) {
  TrialReader trials(queries_);
  if (absl::Status read = trials.LoadAttemptsOf(sweep); !read.ok()) return read;
  std::vector<Cell> cells;
  std::map<std::string, size_t> places;
  for (const TrialView& trial : trials.trials()) {
    const auto [place, fresh] = places.emplace(trial.cell, cells.size());
    if (fresh) cells.push_back({trial.cell, {}});
    cells[place->second].seeds.push_back(trials.PointsOf(trial));
  }
  return cells;
}

absl::StatusOr<std::string> BandReader::KeyOf(const Cell& cell, const std::string& metric) {
  std::string key = cell.cell;
  for (const std::vector<AttemptPoints>& attempts : cell.seeds) {
    const absl::StatusOr<uint64_t> count = series_.Count(attempts, metric, StepSpan{});
    if (!count.ok()) return count.status();
    for (const AttemptPoints& attempt : attempts) absl::StrAppend(&key, ",", attempt.token, ":", attempt.visible_up_to);
    absl::StrAppend(&key, ";", *count);
  }
  return key;
}

absl::StatusOr<BandView> BandReader::Read(const Cell& cell, const std::string& metric, size_t max_points,
                                          const StepSpan& span) {
  BandView view{cell.cell, 0, {}};
  Band band;
  std::vector<Point> plain;
  for (const std::vector<AttemptPoints>& attempts : cell.seeds) {
    const auto points = series_.Points(attempts, metric, max_points, span);
    if (!points.ok()) return points.status();
    if (points->empty()) continue;
    plain.clear();
    for (const AttemptPoint& point : *points) plain.push_back(point.point);
    band.Add(plain);
    ++view.seeds;
  }
  view.points = band.Points(max_points);
  return view;
}

absl::StatusOr<std::vector<BandView>> BandReader::Bands(const std::string& sweep, const std::string& metric,
                                                        size_t max_points, const StepSpan& span) {
  const auto cells = CellsOf(sweep);
  if (!cells.ok()) return cells.status();
  const std::string asked = absl::StrCat(metric, "\n", max_points, " ", span.from, " ", span.to, "\n");
  std::vector<BandView> bands;
  for (const Cell& cell : *cells) {
    const auto content = KeyOf(cell, metric);
    if (!content.ok()) return content.status();
    const std::string key = asked + *content;
    const BandView* known = cache_.Find(key);
    if (known == nullptr) {
      const auto read = Read(cell, metric, max_points, span);
      if (!read.ok()) return read.status();
      cache_.Keep(key, *read);
      bands.push_back(*read);
    } else {
      bands.push_back(*known);
    }
    if (bands.back().seeds == 0) bands.pop_back();
  }
  return bands;
}

}  // namespace plasa::store
