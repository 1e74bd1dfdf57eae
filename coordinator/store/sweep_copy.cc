#include "coordinator/store/sweep_copy.h"

#include <stdio.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "absl/strings/str_cat.h"
#include "coordinator/store/database_file.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/read.h"
#include "coordinator/store/schema.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPage = 50'000;  // points held at a time

// What is left is the sweep, its trials, and what belongs to them. Children first.
constexpr const char* kStrip[] = {
    "DELETE FROM pruned WHERE sweep <> ?1",
    "DELETE FROM rungs WHERE sweep <> ?1",
    "DELETE FROM sweep_trials WHERE sweep <> ?1",
    "DELETE FROM sweeps WHERE id <> ?1",
    "DELETE FROM checkpoint_files WHERE trial NOT IN (SELECT trial FROM sweep_trials)",
    "DELETE FROM checkpoints WHERE trial NOT IN (SELECT trial FROM sweep_trials)",
    "DELETE FROM blocks WHERE series IN (SELECT s.id FROM series s JOIN attempts a ON a.token = s.attempt WHERE "
    "a.trial "
    "NOT IN (SELECT trial FROM sweep_trials))",
    "DELETE FROM series WHERE attempt IN (SELECT token FROM attempts WHERE trial NOT IN (SELECT trial FROM "
    "sweep_trials))",
    "DELETE FROM events WHERE attempt IN (SELECT token FROM attempts WHERE trial NOT IN (SELECT trial FROM "
    "sweep_trials))",
    "DELETE FROM logs WHERE attempt IN (SELECT token FROM attempts WHERE trial NOT IN (SELECT trial FROM "
    "sweep_trials))",
    "DELETE FROM attempts WHERE trial NOT IN (SELECT trial FROM sweep_trials)",
    "DELETE FROM trials WHERE id NOT IN (SELECT trial FROM sweep_trials)",
    "DELETE FROM data_files WHERE data NOT IN (SELECT json_extract(data_json, '$.artifact') FROM trials WHERE "
    "json_extract(data_json, '$.artifact') IS NOT NULL)",
    "DELETE FROM workers WHERE id NOT IN (SELECT worker FROM attempts)",
    "DELETE FROM tokens",
    "DELETE FROM requests",
};

constexpr char kPointsTable[] =
    "CREATE TABLE points (trial TEXT NOT NULL REFERENCES trials(id), attempt INTEGER NOT NULL, name TEXT NOT NULL, "
    "step INTEGER NOT NULL, value REAL, time REAL NOT NULL, PRIMARY KEY (trial, name, step)) STRICT, WITHOUT ROWID";

absl::Status Strip(Queries& copy, const std::string& sweep) {
  for (const char* sql : kStrip) {
    const bool bound = absl::string_view(sql).find("?1") != absl::string_view::npos;
    absl::Status done = bound ? copy.Run(sql, {absl::string_view(sweep)}) : copy.Run(sql);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status InsertPage(Queries& copy, const std::string& trial, const PointsPage& page, int64_t* points) {
  for (const SeriesView& series : page.series) {
    for (const AttemptPoint& point : series.points) {
      ++*points;
      absl::Status added = copy.Run("INSERT INTO points VALUES (?, ?, ?, ?, ?, ?)",
                                    {absl::string_view(trial), point.attempt, absl::string_view(series.name),
                                     point.point.step, point.point.value, point.point.time_unix_s});
      if (!added.ok()) return added;
    }
  }
  return absl::OkStatus();
}

// All visible points of a trial, read from the copy itself.
absl::Status InsertPoints(Queries& copy, Reader& reader, const std::string& trial, int64_t* points) {
  std::optional<PointPlace> after;
  for (bool more = true; more;) {
    const auto page = reader.MetricsPage(trial, "", after, kPage);
    if (!page.ok()) return page.status();
    absl::Status added = copy.connection().Execute("BEGIN");
    if (added.ok()) added = InsertPage(copy, trial, *page, points);
    if (added.ok()) added = copy.connection().Execute("COMMIT");
    if (!added.ok()) return added;
    more = page->more && !page->series.empty();
    if (more) after = PointPlace{page->series.back().name, page->series.back().points.back().point.step};
  }
  return absl::OkStatus();
}

// The whole database at one moment.
absl::Status CopyPages(const std::string& from, const std::string& to) {
  const auto source = Connection::OpenReader(from);
  if (!source.ok()) return source.status();
  if (absl::Status ours = CheckSchema(*source, from); !ours.ok()) return ours;
  const auto target = Connection::OpenWriter(to);
  if (!target.ok()) return target.status();
  absl::Status copied = source->CopyPagesTo(*target);
  return copied.ok() ? target->Execute("PRAGMA journal_mode=DELETE") : copied;
}

absl::StatusOr<SweepCopySummary> MakeCopy(const std::string& from, const std::string& sweep, const std::string& to) {
  if (absl::Status copied = CopyPages(from, to); !copied.ok()) return copied;
  auto reader = Reader::Open(to);
  if (!reader.ok()) return reader.status();
  const auto id = (*reader)->FindSweep(sweep);
  if (!id.ok()) return id.status();
  const auto trials = (*reader)->Trials(*id);
  if (!trials.ok()) return trials.status();

  auto connection = Connection::OpenWriter(to);
  if (!connection.ok()) return connection.status();
  Queries copy(*std::move(connection));
  SweepCopySummary summary{*id, static_cast<int64_t>(trials->size()), 0};
  absl::Status done = copy.Run(kPointsTable);
  for (const TrialView& trial : *trials) {
    if (done.ok()) done = InsertPoints(copy, **reader, trial.id, &summary.points);
  }
  if (done.ok()) done = Strip(copy, *id);
  if (done.ok()) done = copy.connection().Execute("VACUUM");
  if (!done.ok()) return done;
  return summary;
}

}  // namespace

absl::StatusOr<SweepCopySummary> CopySweep(const std::string& state_dir, const std::string& sweep,
                                           const std::string& to) {
  std::error_code error;
  const std::string from = DatabasePath(state_dir);
  if (!fs::exists(from, error)) {
    return absl::NotFoundError(
        absl::StrCat("no coordinator has kept anything in ", state_dir, " (name its state directory with --state)"));
  }
  if (fs::exists(fs::symlink_status(to, error)))
    return absl::AlreadyExistsError(absl::StrCat(to, " exists (name a file that is not there yet)"));
  const std::string partial = absl::StrCat(to, ".partial-", getpid());
  auto summary = MakeCopy(from, sweep, partial);
  if (summary.ok() && rename(partial.c_str(), to.c_str()) != 0)
    summary = absl::InternalError(absl::StrCat("cannot rename ", partial, " to ", to));
  for (const char* rest : {"", "-journal", "-wal", "-shm"}) fs::remove(partial + rest, error);
  return summary;
}

}  // namespace plasa::store
