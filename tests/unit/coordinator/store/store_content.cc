#include "store_content.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/store/credentials.h"
#include "coordinator/store/database_file.h"
#include "coordinator/store/identity.h"
#include "coordinator/store/read.h"
#include "coordinator/store/series_block.h"
#include "coordinator/store/state_loader.h"
#include "memory_store.h"

namespace plasa::store {
namespace {

// Every kept table, and how its rows are named and shown.
constexpr std::pair<const char*, const char*> kTables[] = {
    {"sweeps",
     "SELECT id, quote(id)||position||quote(name)||quote(spec_json)||metric_name||priority||"
     "replication_open||quote(replication_json) FROM sweeps"},
    {"trials",
     "SELECT id, position||seed||quote(params_json)||quote(data_json)||quote(limits_json)||state||cause||quote(message)"
     "||admitted||valid||quote(failures_json)||conflicts FROM trials"},
    {"rungs", "SELECT sweep||'/'||rung, cells||'/'||kept||'/'||worst_kept FROM rungs"},
    {"pruned", "SELECT sweep||'/'||rung||'/'||trial, value FROM pruned"},
    {"sweep_trials", "SELECT sweep||'/'||position, trial||quote(cell) FROM sweep_trials"},
    {"attempts",
     "SELECT token, trial||number||state||worker||cause||quote(message)||started||start_step||last_step||acked_seq||"
     "quote(audits_json)||quote(result_json) FROM attempts"},
    {"series", "SELECT id, attempt||quote(name)||n||first_step||last_step||last_value FROM series"},
    {"events", "SELECT attempt||'/'||seq, type||step||quote(json) FROM events"},
    {"checkpoints", "SELECT trial, attempt||digest||step||events_seq FROM checkpoints"},
    {"checkpoint_files", "SELECT trial||'/'||name, size||sha256 FROM checkpoint_files"},
    {"tokens", "SELECT sha256, scope||quote(label)||expires FROM tokens"},
    {"requests", "SELECT id, body_sha256||quote(reply) FROM requests"}};

absl::Status ReadBlocks(Queries& queries, Content* content) {
  return queries.Each(
      "SELECT series, first_step, first_time, n, crc32c, points FROM blocks", {}, [&](const Statement& row) {
        const BlockHeader header{row.Int(1), row.Double(2), row.Int(3), static_cast<uint32_t>(row.Int(4))};
        const auto block = DecodeBlock(header, row.Text(5));
        std::string& text = (*content)[absl::StrCat("blocks ", row.Int(0), "/", row.Int(1))];
        if (!block.ok()) text = "damaged";
        for (const Point& point : block.ok() ? block->points : std::vector<Point>())
          absl::StrAppend(&text, point.step, "=", point.value, " ");
        return absl::OkStatus();
      });
}

// What pages and calls are made of: must end, whatever it finds.
absl::Status ReadPages(const std::string& state_dir) {
  const auto reader = Reader::Open(DatabasePath(state_dir));
  if (!reader.ok()) return reader.status();
  const auto sweeps = (*reader)->Sweeps(0);
  if (!sweeps.ok()) return sweeps.status();
  absl::Status worst;
  for (const SweepView& sweep : *sweeps) {
    const auto trials = (*reader)->Trials(sweep.id);
    worst.Update(trials.status());
    worst.Update((*reader)->Results(sweep.id).status());
    for (const TrialView& trial : trials.value_or(std::vector<TrialView>())) {
      worst.Update((*reader)->Metrics(trial.id, "", 50).status());
      worst.Update((*reader)->Log(trial.id, 0).status());
    }
  }
  return worst;
}

}  // namespace

absl::StatusOr<Content> ReadContent(Queries& queries) {
  Content content;
  for (const auto& [table, sql] : kTables) {
    const std::string prefix = absl::StrCat(table, " ");
    absl::Status read = queries.Each(sql, {}, [&](const Statement& row) {
      content[prefix + row.Text(0)] = row.Text(1);
      return absl::OkStatus();
    });
    if (!read.ok()) return read;
  }
  if (absl::Status read = ReadBlocks(queries, &content); !read.ok()) return read;
  return content;
}

absl::StatusOr<Opened> OpenAndRead(const std::string& state_dir) {
  absl::StatusOr<Connection> connection = OpenDatabase(state_dir);
  if (!connection.ok()) return connection.status();
  const auto begun = BeginEpoch(*connection);
  if (!begun.ok()) return ExplainOpening(state_dir, begun.status());
  Queries queries(*std::move(connection));
  const auto credentials = LoadCredentials(queries);
  if (!credentials.ok()) return ExplainOpening(state_dir, credentials.status());
  const auto state = LoadState(queries);
  if (!state.ok()) return ExplainOpening(state_dir, state.status());
  ReadPages(state_dir).IgnoreError();
  absl::StatusOr<Content> content = ReadContent(queries);
  if (!content.ok()) return ExplainOpening(state_dir, content.status());
  return Opened{*std::move(content), coordinator::Dump(*state), begun->epoch};
}

}  // namespace plasa::store
