// The read queries: everything pages, calls and reports are made of, from a read-only connection.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/store/views.h"

namespace plasa::store {

// Reads what is durable. Each call sees one moment of the database and holds it only while it runs. For one thread at a
// time. A point, statistic or audit at step x of an attempt is visible while x <= the start step of every later attempt
// that started; of visible points at one step the newest attempt's counts.
//
// Errors: NOT_FOUND for ids that are not there, INVALID_ARGUMENT for prefixes that fit several, DATA_LOSS for damage.
class Reader {
 public:
  // Opens the database of a running store.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Reader>> Open(const std::string& database_path);
  ~Reader();

  // The id a user means: an id, a unique prefix of one, a name (the newest sweep of that name), or "last".
  [[nodiscard]] absl::StatusOr<std::string> FindSweep(absl::string_view text);
  // An id, a unique prefix of one, or "last" (the trial whose attempt is the newest).
  [[nodiscard]] absl::StatusOr<std::string> FindTrial(absl::string_view text);

  // Newest first; limit 0 = 100.
  [[nodiscard]] absl::StatusOr<std::vector<SweepView>> Sweeps(size_t limit);
  [[nodiscard]] absl::StatusOr<SweepView> Sweep(const std::string& id);
  // In grid order; only those in `only` when it is given.
  [[nodiscard]] absl::StatusOr<std::vector<TrialView>> Trials(const std::string& sweep,
                                                              const std::set<std::string>* only = nullptr);
  // All of them in grid order, but for their audits, which take longest to read.
  [[nodiscard]] absl::StatusOr<std::vector<TrialView>> TrialRows(const std::string& sweep);
  // The cell is that of the newest sweep that holds the trial.
  [[nodiscard]] absl::StatusOr<TrialDetailView> Trial(const std::string& id);
  // In grid order, with the result record and the last statistics of each.
  [[nodiscard]] absl::StatusOr<std::vector<TrialResultView>> Results(const std::string& sweep);

  // Sweeps that add seeds until they are decided, and all of whose trials have ended.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> SweepsAtALook();

  // Of the sweep's trials.
  [[nodiscard]] absl::StatusOr<int64_t> LargestSeed(const std::string& sweep);

  // Ids of trials that the sweep's verdicts may rest on beside its own, see RelatedTrials.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Related(const std::string& sweep);
  // Ids of admitted, valid trials of our own trainer whose parameters name this preset.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> OfPreset(const std::string& preset);
  // Those of `trials` that are admitted or pruned.
  [[nodiscard]] absl::StatusOr<std::set<std::string>> Judged(const std::set<std::string>& trials);

  // Visible points of one trial within `span` by name, then step; `name` empty = all series; max_points a series, 0 =
  // all. The lowest and the highest point of the span are among them.
  [[nodiscard]] absl::StatusOr<std::vector<SeriesView>> Metrics(const std::string& trial, const std::string& name,
                                                                size_t max_points, const StepSpan& span = {});
  // The next points in the order of Metrics, behind `after` (none: from the first): all there are, or about `least`
  // and then there are more, so that memory need not grow with the trial.
  [[nodiscard]] absl::StatusOr<PointsPage> MetricsPage(const std::string& trial, const std::string& name,
                                                       const std::optional<PointPlace>& after, size_t least);
  // One metric of all trials of a sweep, in grid order; trials without a point are left out.
  [[nodiscard]] absl::StatusOr<std::vector<CurveView>> Curves(const std::string& sweep, const std::string& metric,
                                                              size_t max_points, const StepSpan& span = {});
  // The same over the seeds of each cell, cells in grid order; cells without a point are left out.
  [[nodiscard]] absl::StatusOr<std::vector<BandView>> Bands(const std::string& sweep, const std::string& metric,
                                                            size_t max_points, const StepSpan& span = {});
  // What the results of a sweep's succeeded trials say of their cost, in grid order.
  [[nodiscard]] absl::StatusOr<std::vector<CostView>> Costs(const std::string& sweep);
  // Sweeps submitted, attempts begun and ended: the newest `limit`, newest first.
  [[nodiscard]] absl::StatusOr<std::vector<HappeningView>> Happenings(size_t limit);

  // The end of the newest attempt's log that has one; max_bytes 0 = 64 KiB.
  [[nodiscard]] absl::StatusOr<LogView> Log(const std::string& trial, size_t max_bytes);

  // Sweeps that hold the trial, oldest first.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> SweepsOf(const std::string& trial);

 private:
  struct Queries;
  explicit Reader(std::unique_ptr<Queries> queries);

  std::unique_ptr<Queries> queries_;
};

}  // namespace plasa::store
