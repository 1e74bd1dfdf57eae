#include "coordinator/store/overview_reader.h"

namespace plasa::store {
namespace {

// One call of json_extract with several paths parses the record once and gives a list.
constexpr char kCosts[] =
    "SELECT st.trial, json_extract(e.json, '$.record.time_per_step', '$.record.config.seq_len', '$.record.layer_k', "
    "'$.record.flops.train_step') FROM sweep_trials st JOIN trials t ON t.id = st.trial AND t.state = 'succeeded' "
    "JOIN attempts a ON a.trial = t.id AND a.state = 'succeeded' JOIN events e ON e.attempt = a.token AND "
    "e.type = 'result' WHERE st.sweep = ? AND json_valid(e.json) ORDER BY st.position, a.number";

constexpr char kHappenings[] =
    "SELECT * FROM (SELECT created AS time, 'submitted' AS kind, id AS sweep, '' AS trial, 0 AS number, '' AS state, "
    "'' AS cause, '' AS worker, name AS text FROM sweeps ORDER BY position DESC LIMIT ?1) UNION ALL "
    "SELECT * FROM (SELECT created, 'started', '', trial, number, '', '', worker, "
    "CASE WHEN start_step > 0 THEN 'from step ' || start_step ELSE '' END FROM attempts ORDER BY token DESC LIMIT ?1) "
    "UNION ALL SELECT * FROM (SELECT ended, 'ended', '', trial, number, state, cause, worker, message FROM "
    "(SELECT * FROM attempts ORDER BY token DESC LIMIT 10000) WHERE ended > 0 ORDER BY ended DESC LIMIT ?1) "
    "ORDER BY time DESC LIMIT ?1";

}  // namespace

absl::StatusOr<std::vector<CostView>> OverviewReader::Costs(const std::string& sweep) {
  std::vector<CostView> costs;
  absl::Status read = queries_.Each(kCosts, {absl::string_view(sweep)}, [&](const Statement& row) {
    costs.push_back({row.Text(0), row.Text(1)});
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return costs;
}

absl::StatusOr<std::vector<HappeningView>> OverviewReader::Happenings(size_t limit) {
  std::vector<HappeningView> happenings;
  absl::Status read = queries_.Each(kHappenings, {Integer(limit)}, [&](const Statement& row) {
    happenings.push_back({row.Double(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Text(5), row.Text(6),
                          row.Text(7), row.Text(8)});
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return happenings;
}

}  // namespace plasa::store
