#include "coordinator/store/read.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/utf8.h"
#include "coordinator/store/band_reader.h"
#include "coordinator/store/downsample.h"
#include "coordinator/store/overview_reader.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/related_trials.h"
#include "coordinator/store/series_reader.h"
#include "coordinator/store/snapshot.h"
#include "coordinator/store/sweep_reader.h"
#include "coordinator/store/trial_reader.h"

namespace plasa::store {
namespace {

constexpr size_t kDefaultSweeps = 100;
constexpr size_t kDefaultLogBytes = 64 << 10;
constexpr size_t kFewTrials = 32;  // up to here one query a trial is cheaper than reading the sweep

std::vector<Point> PlainPoints(const std::vector<AttemptPoint>& points) {
  std::vector<Point> plain;
  plain.reserve(points.size());
  for (const AttemptPoint& point : points) plain.push_back(point.point);
  return plain;
}

// Keeps of `points` those that Downsample keeps.
std::vector<AttemptPoint> Thin(const std::vector<AttemptPoint>& points, size_t max_points) {
  const std::vector<Point> kept = Downsample(PlainPoints(points), max_points);
  if (kept.size() == points.size()) return points;
  std::vector<AttemptPoint> thin;
  auto next = points.begin();
  for (const Point& point : kept) {
    while (next->point.step != point.step) ++next;
    thin.push_back(*next);
  }
  return thin;
}

// The attempts of a trial as far as their points are visible.
absl::StatusOr<std::vector<AttemptPoints>> AttemptsOf(Queries& queries, const std::string& trial) {
  TrialReader trials(queries);
  if (absl::Status read = trials.LoadTrial(trial); !read.ok()) return read;
  return trials.PointsOf(trials.trials().front());
}

// `name`, or where it is empty every name.
absl::StatusOr<std::vector<std::string>> NamesOf(SeriesReader& series, const std::vector<AttemptPoints>& attempts,
                                                 const std::string& name) {
  if (name.empty()) return series.Names(attempts);
  return std::vector<std::string>{name};
}

}  // namespace

struct Reader::Queries : store::Queries {
  using store::Queries::Queries;

  RelatedTrials related;
  BandCache bands;
};

// Runs `body` on one moment of the database.
template <class Body>
static auto AtOneMoment(const Connection& connection, Body body) -> decltype(body()) {
  const Snapshot snapshot(connection);
  if (!snapshot.begun().ok()) return snapshot.begun();
  return body();
}

absl::StatusOr<std::unique_ptr<Reader>> Reader::Open(const std::string& database_path) {
  absl::StatusOr<Connection> connection = Connection::OpenReader(database_path);
  if (!connection.ok()) return connection.status();
  return std::unique_ptr<Reader>(new Reader(std::make_unique<Queries>(*std::move(connection))));
}

Reader::Reader(std::unique_ptr<Queries> queries) : queries_(std::move(queries)) {}

Reader::~Reader() = default;

absl::StatusOr<std::string> Reader::FindSweep(absl::string_view text) {
  return AtOneMoment(queries_->connection(), [&] { return SweepReader(*queries_).Find(std::string(text)); });
}

absl::StatusOr<std::string> Reader::FindTrial(absl::string_view text) {
  return AtOneMoment(queries_->connection(), [&] { return SweepReader(*queries_).FindTrial(std::string(text)); });
}

absl::StatusOr<std::vector<SweepView>> Reader::Sweeps(size_t limit) {
  return AtOneMoment(queries_->connection(),
                     [&] { return SweepReader(*queries_).Newest(limit == 0 ? kDefaultSweeps : limit); });
}

absl::StatusOr<SweepView> Reader::Sweep(const std::string& id) {
  return AtOneMoment(queries_->connection(), [&] { return SweepReader(*queries_).Get(id); });
}

absl::StatusOr<std::vector<TrialView>> Reader::Trials(const std::string& sweep, const std::set<std::string>* only) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<std::vector<TrialView>> {
    std::vector<TrialView> trials;
    if (only != nullptr && only->size() <= kFewTrials) {
      for (const std::string& trial : *only) {
        TrialReader reader(*queries_);
        if (absl::Status read = reader.LoadTrialOf(sweep, trial); !read.ok()) return read;
        for (TrialView& view : reader.TakeTrials()) trials.push_back(std::move(view));
      }
      return trials;
    }
    TrialReader reader(*queries_);
    if (absl::Status read = reader.LoadSweep(sweep); !read.ok()) return read;
    trials = reader.TakeTrials();
    if (only != nullptr) std::erase_if(trials, [&](const TrialView& trial) { return only->count(trial.id) == 0; });
    return trials;
  });
}

absl::StatusOr<std::vector<TrialView>> Reader::TrialRows(const std::string& sweep) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<std::vector<TrialView>> {
    TrialReader reader(*queries_);
    if (absl::Status read = reader.LoadRowsOf(sweep); !read.ok()) return read;
    return reader.TakeTrials();
  });
}

absl::StatusOr<TrialDetailView> Reader::Trial(const std::string& id) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<TrialDetailView> {
    TrialReader reader(*queries_);
    if (absl::Status read = reader.LoadTrial(id); !read.ok()) return read;
    auto stats = reader.LastStats();
    auto results = reader.AcceptedResults();
    auto notes = reader.Notes();
    for (const absl::Status& read : {stats.status(), results.status(), notes.status()}) {
      if (!read.ok()) return read;
    }
    return TrialDetailView{std::move(reader.TakeTrials().front()), (*stats)[id], (*results)[id], *std::move(notes)};
  });
}

absl::StatusOr<std::vector<TrialResultView>> Reader::Results(const std::string& sweep) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<std::vector<TrialResultView>> {
    TrialReader reader(*queries_);
    if (absl::Status read = reader.LoadSweep(sweep); !read.ok()) return read;
    auto stats = reader.LastStats();
    if (!stats.ok()) return stats.status();
    auto results = reader.AcceptedResults();
    if (!results.ok()) return results.status();
    auto checkpoints = reader.Checkpoints();
    if (!checkpoints.ok()) return checkpoints.status();
    std::vector<TrialResultView> all;
    for (TrialView& trial : reader.TakeTrials()) {
      const std::string id = trial.id;
      all.push_back(
          {std::move(trial), std::move((*results)[id]), std::move((*stats)[id]), std::move((*checkpoints)[id])});
    }
    return all;
  });
}

absl::StatusOr<std::vector<std::string>> Reader::SweepsAtALook() {
  return AtOneMoment(queries_->connection(), [&] { return SweepReader(*queries_).AtALook(); });
}

absl::StatusOr<int64_t> Reader::LargestSeed(const std::string& sweep) {
  return AtOneMoment(queries_->connection(), [&] { return SweepReader(*queries_).LargestSeed(sweep); });
}

absl::StatusOr<std::vector<std::string>> Reader::Related(const std::string& sweep) {
  return AtOneMoment(queries_->connection(), [&] { return queries_->related.Of(sweep, *queries_); });
}

absl::StatusOr<std::vector<std::string>> Reader::OfPreset(const std::string& preset) {
  return AtOneMoment(queries_->connection(), [&] { return TrialsOfPreset(preset, *queries_); });
}

absl::StatusOr<std::set<std::string>> Reader::Judged(const std::set<std::string>& trials) {
  return AtOneMoment(queries_->connection(), [&] { return JudgedAmong(trials, *queries_); });
}

absl::StatusOr<std::vector<SeriesView>> Reader::Metrics(const std::string& trial, const std::string& name,
                                                        size_t max_points, const StepSpan& span) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<std::vector<SeriesView>> {
    const auto attempts = AttemptsOf(*queries_, trial);
    if (!attempts.ok()) return attempts.status();
    SeriesReader series(*queries_);
    const auto names = NamesOf(series, *attempts, name);
    if (!names.ok()) return names.status();
    std::vector<SeriesView> views;
    for (const std::string& one : *names) {
      const auto points = series.Points(*attempts, one, max_points, span);
      if (!points.ok()) return points.status();
      if (!points->empty()) views.push_back({one, Thin(*points, max_points)});
    }
    return views;
  });
}

absl::StatusOr<PointsPage> Reader::MetricsPage(const std::string& trial, const std::string& name,
                                               const std::optional<PointPlace>& after, size_t least) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<PointsPage> {
    const auto attempts = AttemptsOf(*queries_, trial);
    if (!attempts.ok()) return attempts.status();
    SeriesReader series(*queries_);
    const auto names = NamesOf(series, *attempts, name);
    if (!names.ok()) return names.status();
    PointsPage page;
    for (const std::string& one : *names) {
      if (after && one < after->name) continue;
      if (page.more = least == 0; page.more) break;
      const bool goes_on = after && one == after->name;
      auto points = series.PointsAfter(*attempts, one, goes_on ? std::optional(after->step) : std::nullopt, least);
      if (!points.ok()) return points.status();
      page.more = points->more;
      least -= std::min(least, points->points.size());
      if (!points->points.empty()) page.series.push_back({one, std::move(points->points)});
      if (page.more) break;
    }
    return page;
  });
}

absl::StatusOr<std::vector<CurveView>> Reader::Curves(const std::string& sweep, const std::string& metric,
                                                      size_t max_points, const StepSpan& span) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<std::vector<CurveView>> {
    TrialReader trials(*queries_);
    if (absl::Status read = trials.LoadAttemptsOf(sweep); !read.ok()) return read;
    SeriesReader series(*queries_);
    std::vector<CurveView> curves;
    for (const TrialView& trial : trials.trials()) {
      const auto points = series.Points(trials.PointsOf(trial), metric, max_points, span);
      if (!points.ok()) return points.status();
      if (!points->empty())
        curves.push_back({trial.id, trial.cell, trial.seed, Downsample(PlainPoints(*points), max_points)});
    }
    return curves;
  });
}

absl::StatusOr<std::vector<BandView>> Reader::Bands(const std::string& sweep, const std::string& metric,
                                                    size_t max_points, const StepSpan& span) {
  return AtOneMoment(queries_->connection(),
                     [&] { return BandReader(*queries_, queries_->bands).Bands(sweep, metric, max_points, span); });
}

absl::StatusOr<std::vector<CostView>> Reader::Costs(const std::string& sweep) {
  return AtOneMoment(queries_->connection(), [&] { return OverviewReader(*queries_).Costs(sweep); });
}

absl::StatusOr<std::vector<HappeningView>> Reader::Happenings(size_t limit) {
  return AtOneMoment(queries_->connection(), [&] { return OverviewReader(*queries_).Happenings(limit); });
}

absl::StatusOr<LogView> Reader::Log(const std::string& trial, size_t max_bytes) {
  return AtOneMoment(queries_->connection(), [&]() -> absl::StatusOr<LogView> {
    LogView log;
    const size_t limit = max_bytes == 0 ? kDefaultLogBytes : max_bytes;
    absl::Status read = queries_->Each(
        "SELECT l.tail, l.dropped, a.token, a.worker FROM attempts a LEFT JOIN logs l ON l.attempt = a.token WHERE "
        "a.trial = ? "
        "ORDER BY l.attempt IS NULL, a.number DESC LIMIT 1",
        {absl::string_view(trial)}, [&](const Statement& row) {
          const std::string tail = row.Text(0);
          const size_t cut = tail.size() > limit ? tail.size() - limit : 0;
          log.text = ToUtf8(std::string_view(tail).substr(cut));
          log.dropped_bytes = row.Unsigned(1) + cut;
          log.worker = row.Text(3);
          log.path = absl::StrCat("worker/attempts/", trial, "-", row.Unsigned(2), "/output.log");
          return absl::OkStatus();
        });
    if (!read.ok()) return read;
    return log;
  });
}

absl::StatusOr<std::vector<std::string>> Reader::SweepsOf(const std::string& trial) {
  return AtOneMoment(queries_->connection(), [&] { return SweepReader(*queries_).SweepsOf(trial); });
}

}  // namespace plasa::store
