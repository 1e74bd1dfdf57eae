// P3: a point is stored exactly once; an equal repeat is counted, a contradicting one refused, counted, and flags its
// trial.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "coordinator/store/effects_writer.h"
#include "coordinator/store/read.h"
#include "coordinator/store/state_loader.h"
#include "script_runner.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

using coordinator::AppendEvents;
using coordinator::Effects;
using coordinator::ScriptRunner;
using coordinator::Write;

class Points : public testing::Test {
 protected:
  Points() : queries_(temp_.Open()) {
    runner_.on_effects = [this](const Effects& fx) { Apply(fx.writes); };
    for (const char* line : {"worker a trainers=steps", "submit s x=1", "exchange a free=0"})
      static_cast<void>(runner_.Run(line));
    trial_ = runner_.core().state().attempts.at(1).trial;
  }

  void Apply(const std::vector<Write>& writes) {
    ASSERT_TRUE(queries_.connection().Execute("BEGIN IMMEDIATE").ok());
    const absl::Status applied = ApplyWrites(writes, queries_, &written_);
    ASSERT_TRUE(applied.ok()) << applied;
    ASSERT_TRUE(queries_.connection().Execute("COMMIT").ok());
  }

  // One event with one point of `name`.
  void Append(int64_t step, double value, const std::string& name = "loss") {
    TrainerEvent event{++seq_, "metric", step, 100.0 + static_cast<double>(step), {{name, value}}, "", {}};
    Apply({AppendEvents{1, trial_, {event}}});
  }

  std::vector<Point> Read(const std::string& name = "loss", size_t max_points = 0) {
    const auto reader = Reader::Open(DatabasePath(temp_.dir()));
    EXPECT_TRUE(reader.ok());
    const auto series = (*reader)->Metrics(trial_, name, max_points);
    EXPECT_TRUE(series.ok()) << series.status();
    std::vector<Point> points;
    if (series.ok() && !series->empty()) {
      for (const AttemptPoint& point : series->front().points) points.push_back(point.point);
    }
    return points;
  }

  TempStore temp_;
  Queries queries_;
  ScriptRunner runner_;
  Written written_;
  std::string trial_;
  uint64_t seq_ = 0;
};

TEST_F(Points, AreReadBackAsTheyCame) {
  const std::vector<double> values = {3.25, -0.0, std::numeric_limits<double>::infinity(), std::nan(""), 1e-300};
  for (size_t i = 0; i < values.size(); ++i) Append(static_cast<int64_t>(i), values[i]);
  const std::vector<Point> points = Read();
  ASSERT_EQ(points.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(points[i].step, static_cast<int64_t>(i));
    EXPECT_EQ(std::bit_cast<uint64_t>(points[i].value), std::bit_cast<uint64_t>(values[i]));
    EXPECT_EQ(points[i].time_unix_s, 100.0 + static_cast<double>(i));
  }
}

TEST_F(Points, LongSeriesFillManyBlocks) {
  for (int64_t step = 0; step < 1000; ++step) Append(step, static_cast<double>(step * step));
  const std::vector<Point> points = Read();
  ASSERT_EQ(points.size(), 1000u);
  for (int64_t step = 0; step < 1000; ++step)
    EXPECT_EQ(points[static_cast<size_t>(step)].value, static_cast<double>(step * step));
  EXPECT_EQ(written_.points.ingested, 1000u);
}

TEST_F(Points, DownsamplingKeepsTheExtremes) {
  for (int64_t step = 0; step < 2000; ++step) Append(step, step == 777 ? 1e6 : step == 1234 ? -1e6 : 0.0);
  const std::vector<Point> points = Read("loss", 100);
  EXPECT_LE(points.size(), 200u);
  const auto has = [&](double value) {
    return std::any_of(points.begin(), points.end(), [&](const Point& p) { return p.value == value; });
  };
  EXPECT_TRUE(has(1e6));
  EXPECT_TRUE(has(-1e6));
}

TEST_F(Points, ARangeIsReadAloneAndHasItsOwnExtremes) {
  std::vector<TrainerEvent> events;
  for (int64_t step = 0; step < 2000; ++step) {
    const double value = step == 777 ? 1e6 : step == 1234 ? -1e6 : static_cast<double>(step % 7);
    events.push_back({static_cast<uint64_t>(step) + 1, "metric", step, 0, {{"loss", value}}, "", {}});
  }
  Apply({AppendEvents{1, trial_, events}});
  const auto reader = Reader::Open(DatabasePath(temp_.dir()));
  ASSERT_TRUE(reader.ok());
  for (const auto& [from, to] :
       {std::pair<int64_t, int64_t>{0, 1999}, {700, 800}, {1234, 1234}, {255, 256}, {1900, 5000}}) {
    const auto series = (*reader)->Metrics(trial_, "loss", 50, StepSpan{from, to});
    ASSERT_TRUE(series.ok() && series->size() == 1u) << from;
    const auto& points = series->front().points;
    EXPECT_EQ(points.front().point.step, from);
    EXPECT_EQ(points.back().point.step, std::min<int64_t>(to, 1999));
    const auto has = [&points](double value) {
      return std::any_of(points.begin(), points.end(), [&](const AttemptPoint& p) { return p.point.value == value; });
    };
    EXPECT_EQ(has(1e6), from <= 777 && 777 <= to);
    EXPECT_EQ(has(-1e6), from <= 1234 && 1234 <= to);
  }
  const auto none = (*reader)->Metrics(trial_, "loss", 50, StepSpan{5000, 6000});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
}

TEST_F(Points, ABandThatWasReadGrowsWithItsPoints) {
  const auto reader = Reader::Open(DatabasePath(temp_.dir()));
  ASSERT_TRUE(reader.ok());
  const std::string sweep = *(*reader)->FindSweep("last");
  for (int64_t step = 0; step < 4; ++step) {
    Append(step, 10.0 * static_cast<double>(step));
    for (int again = 0; again < 2; ++again) {
      const auto bands = (*reader)->Bands(sweep, "loss", 200);
      ASSERT_TRUE(bands.ok() && bands->size() == 1u) << bands.status();
      ASSERT_EQ(bands->front().points.size(), static_cast<size_t>(step) + 1);
      EXPECT_EQ(bands->front().points.back().high, 10.0 * static_cast<double>(step));
    }
    const auto first = (*reader)->Bands(sweep, "loss", 200, StepSpan{0, 0});
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->front().points.size(), 1u);
  }
  EXPECT_TRUE((*reader)->Bands(sweep, "nothing", 200)->empty());
}

TEST_F(Points, AnEqualRepeatIsCountedAndNotStored) {
  Append(1, 2.0);
  Append(1, 2.0);
  EXPECT_EQ(Read().size(), 1u);
  EXPECT_EQ(written_.points.duplicate, 1u);
  EXPECT_TRUE(written_.conflicts.empty());
}

TEST_F(Points, AContradictionIsRefusedAndFlagsTheTrial) {
  Append(5, 2.0);
  Append(5, 3.0);
  Append(4, 1.0);
  const std::vector<Point> points = Read();
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].value, 2.0);
  EXPECT_EQ(written_.points.conflicting, 2u);
  const auto loaded = LoadState(queries_);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->trials.at(trial_).conflicts, 2u);
}

TEST_F(Points, ACorruptBlockIsDamageNotNumbers) {
  Append(1, 2.0);
  ASSERT_TRUE(queries_.connection().Execute("UPDATE blocks SET points = zeroblob(length(points))").ok());
  const auto reader = Reader::Open(DatabasePath(temp_.dir()));
  EXPECT_TRUE(absl::IsDataLoss((*reader)->Metrics(trial_, "loss", 0).status()));
}

TEST_F(Points, OfAnEarlierAttemptAreVisibleUpToTheStartOfTheLater) {
  for (const char* line : {"report a 1 start@0 metric:loss=9@10 metric:loss=8@20 metric:loss=7@30",
                           "publish a 1 step=20 seq=4", "exchange a held=1 finished=1:KILLED@4", "exchange a free=0",
                           "advance 3s", "report a 2 start@20 metric:loss=6@30 metric:loss=5@40"}) {
    static_cast<void>(runner_.Run(line));
  }
  std::vector<std::pair<int64_t, double>> seen;
  for (const Point& point : Read()) seen.emplace_back(point.step, point.value);
  EXPECT_EQ(seen, (std::vector<std::pair<int64_t, double>>{{10, 9}, {20, 8}, {30, 6}, {40, 5}}));
}

// Pages of any size give, one after the other, what is read in one go: several series, several attempts, points of one
// step in two of them.
TEST_F(Points, PagesMakeTheWhole) {
  for (int64_t step = 1; step <= 700; ++step) Append(step, static_cast<double>(step), step % 3 == 0 ? "a" : "loss");
  for (const char* line :
       {"publish a 1 step=512 seq=512", "exchange a held=1 finished=1:KILLED@700", "exchange a free=0", "advance 3s",
        "report a 2 start@512 metric:loss=-1@512 metric:loss=6@600 metric:b=1@600"})
    static_cast<void>(runner_.Run(line));
  const auto reader = Reader::Open(DatabasePath(temp_.dir()));
  ASSERT_TRUE(reader.ok());
  for (const std::string name : {"", "loss", "no such series"}) {
    const auto whole = (*reader)->Metrics(trial_, name, 0);
    ASSERT_TRUE(whole.ok());
    for (const size_t least : {1, 100, 256, 300, 5000}) {
      std::vector<std::tuple<std::string, int64_t, int64_t, double>> paged, expected;
      std::optional<PointPlace> after;
      for (bool more = true; more;) {
        const auto page = (*reader)->MetricsPage(trial_, name, after, least);
        ASSERT_TRUE(page.ok()) << page.status();
        for (const SeriesView& series : page->series)
          for (const AttemptPoint& p : series.points)
            paged.emplace_back(series.name, p.attempt, p.point.step, p.point.value);
        more = page->more;
        ASSERT_TRUE(!more || !paged.empty());
        if (more) after = PointPlace{std::get<0>(paged.back()), std::get<2>(paged.back())};
      }
      for (const SeriesView& series : *whole)
        for (const AttemptPoint& p : series.points)
          expected.emplace_back(series.name, p.attempt, p.point.step, p.point.value);
      EXPECT_EQ(paged, expected) << name << " by " << least;
      EXPECT_EQ(expected.empty(), name == "no such series");
    }
  }
}

// Far more points than anybody looks at: what is drawn still has both ends and every spike, and little of the rest.
TEST_F(Points, ManyPointsAreThinnedBlockByBlock) {
  constexpr int64_t kMany = 120'000, kSpike = 77'777, kDip = 3;
  for (int64_t first = 0; first < kMany; first += 10'000) {
    AppendEvents append{1, trial_, {}};
    for (int64_t step = first; step < first + 10'000; ++step) {
      const double value = step == kSpike ? 1e9 : step == kDip ? -1e9 : static_cast<double>(step % 100);
      append.events.push_back({++seq_, "metric", step, 100.0, {{"loss", value}}, "", {}});
    }
    Apply({append});
  }
  EXPECT_EQ(Read().size(), static_cast<size_t>(kMany));
  const std::vector<Point> drawn = Read("loss", 200);
  EXPECT_LE(drawn.size(), 200u);
  EXPECT_EQ(drawn.front().step, 0);
  EXPECT_EQ(drawn.back().step, kMany - 1);
  const auto has = [&](int64_t step) {
    return std::any_of(drawn.begin(), drawn.end(), [&](const Point& p) { return p.step == step; });
  };
  EXPECT_TRUE(has(kSpike));
  EXPECT_TRUE(has(kDip));
  EXPECT_TRUE(
      std::is_sorted(drawn.begin(), drawn.end(), [](const Point& a, const Point& b) { return a.step < b.step; }));
}

}  // namespace
}  // namespace plasa::store
