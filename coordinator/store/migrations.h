// The SQL of each migration. A migration that was released never changes: a new one follows it.
#pragma once

#include <array>

namespace plasa::store {

// States and causes are the words people read. `value`-like columns that may hold NaN keep the bit pattern of the
// double.
inline constexpr std::array<const char*, 4> kMigrations = {R"sql(
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE sweeps (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,   -- order of submission
  name TEXT NOT NULL,
  spec_json TEXT NOT NULL,
  metric_name TEXT NOT NULL,
  metric_goal TEXT NOT NULL,
  canceled INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  created REAL NOT NULL
) STRICT;
CREATE INDEX sweeps_by_name ON sweeps(name);

CREATE TABLE trials (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,   -- order of the queue
  seed INTEGER NOT NULL,
  params_json TEXT NOT NULL,
  trainer TEXT NOT NULL,
  data_json TEXT NOT NULL,
  limits_json TEXT NOT NULL,          -- resources and time limits
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  message TEXT NOT NULL,
  admitted INTEGER NOT NULL,
  valid INTEGER NOT NULL,
  invalid_reasons TEXT NOT NULL,      -- JSON list
  failures_json TEXT NOT NULL,        -- budgets used up, by cause
  cancel_requested INTEGER NOT NULL,
  queued REAL NOT NULL,
  conflicts INTEGER NOT NULL DEFAULT 0  -- points that contradicted stored ones
) STRICT;

CREATE TABLE sweep_trials (
  sweep TEXT NOT NULL REFERENCES sweeps(id),
  position INTEGER NOT NULL,          -- grid order
  trial TEXT NOT NULL REFERENCES trials(id),
  cell TEXT NOT NULL,
  PRIMARY KEY (sweep, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_trials_by_trial ON sweep_trials(trial, sweep);

CREATE TABLE attempts (
  token INTEGER PRIMARY KEY,
  trial TEXT NOT NULL REFERENCES trials(id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  worker TEXT NOT NULL,
  slot INTEGER NOT NULL,
  cause TEXT NOT NULL,
  message TEXT NOT NULL,
  started INTEGER NOT NULL,            -- its start event came
  start_step INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  steps_total INTEGER NOT NULL,
  acked_seq INTEGER NOT NULL,
  created REAL NOT NULL,
  ended REAL NOT NULL,                 -- 0 while it lives
  hardware_class TEXT NOT NULL,
  build TEXT NOT NULL,
  data_digest TEXT NOT NULL,
  audits_json TEXT NOT NULL,           -- {"passed":[...],"failed":[...]}
  result_json TEXT NOT NULL,           -- {"valid":...,"invalid_reasons":[...]}; empty until the result event came
  UNIQUE (trial, number)
) STRICT;
CREATE INDEX attempts_live ON attempts(state) WHERE state IN ('leased', 'running');

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  attempt INTEGER NOT NULL REFERENCES attempts(token),
  name TEXT NOT NULL,
  n INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  first_value INTEGER NOT NULL,        -- bits of a double
  last_step INTEGER NOT NULL,
  last_value INTEGER NOT NULL,
  UNIQUE (attempt, name)
) STRICT;

CREATE TABLE blocks (
  series INTEGER NOT NULL REFERENCES series(id),
  first_step INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  n INTEGER NOT NULL,
  lo INTEGER NOT NULL,                 -- bits of a double
  hi INTEGER NOT NULL,
  first_time REAL NOT NULL,
  crc32c INTEGER NOT NULL,
  points BLOB NOT NULL,
  PRIMARY KEY (series, first_step)
) STRICT;

CREATE TABLE events (
  attempt INTEGER NOT NULL REFERENCES attempts(token),
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  step INTEGER NOT NULL,
  time REAL NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (attempt, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_type ON events(attempt, type, seq);

CREATE TABLE checkpoints (
  trial TEXT PRIMARY KEY REFERENCES trials(id),
  attempt INTEGER NOT NULL REFERENCES attempts(token),
  digest TEXT NOT NULL,
  step INTEGER NOT NULL,
  events_seq INTEGER NOT NULL,
  hardware_class TEXT NOT NULL
) STRICT;

CREATE TABLE checkpoint_files (
  trial TEXT NOT NULL REFERENCES checkpoints(trial) ON DELETE CASCADE,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (trial, name)
) STRICT;
CREATE INDEX checkpoint_files_by_digest ON checkpoint_files(sha256);

CREATE TABLE logs (
  attempt INTEGER PRIMARY KEY REFERENCES attempts(token),
  end_offset INTEGER NOT NULL,         -- of the whole log, as far as it came
  dropped INTEGER NOT NULL,            -- bytes not kept
  tail BLOB NOT NULL
) STRICT;

CREATE TABLE workers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  version TEXT NOT NULL,
  session INTEGER NOT NULL,
  draining INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  slots_json TEXT NOT NULL,
  trainers_json TEXT NOT NULL
) STRICT;

CREATE TABLE tokens (
  sha256 TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  label TEXT NOT NULL,
  created REAL NOT NULL,
  expires REAL NOT NULL                -- 0 = never
) STRICT;

CREATE TABLE requests (
  id TEXT PRIMARY KEY,
  body_sha256 TEXT NOT NULL,
  reply TEXT NOT NULL
) STRICT;
)sql",
                                                           R"sql(
ALTER TABLE trials ADD COLUMN excluded_json TEXT NOT NULL DEFAULT '[]';  -- workers that a log rule keeps it from
)sql",
                                                           R"sql(
ALTER TABLE attempts ADD COLUMN certificate_json TEXT NOT NULL DEFAULT '{}';  -- of its resume
ALTER TABLE checkpoints ADD COLUMN origin_json TEXT NOT NULL DEFAULT '{}';    -- the attempt that made it
CREATE TABLE data_files (               -- of data packages: a listing and what it names
  data TEXT NOT NULL,                   -- digest of the listing
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (data, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX data_files_by_digest ON data_files(sha256);
)sql",
                                                           R"sql(
ALTER TABLE sweeps ADD COLUMN replication_open INTEGER NOT NULL DEFAULT 0;  -- seeds are added until it is decided
ALTER TABLE sweeps ADD COLUMN replication_json TEXT NOT NULL DEFAULT '{}';  -- {"added":[...],"stopped":"..."}
CREATE TABLE rungs (                    -- what sweeps decided that stop early
  sweep TEXT NOT NULL REFERENCES sweeps(id),
  rung INTEGER NOT NULL,                -- reports of the metric
  cells INTEGER NOT NULL,               -- that were compared
  kept INTEGER NOT NULL,                -- of them go on
  worst_kept INTEGER NOT NULL,          -- bits of a double
  decided REAL NOT NULL,
  PRIMARY KEY (sweep, rung)
) STRICT, WITHOUT ROWID;
CREATE TABLE pruned (                   -- trials of the cells that do not go on
  sweep TEXT NOT NULL,
  rung INTEGER NOT NULL,
  trial TEXT NOT NULL REFERENCES trials(id),
  value INTEGER NOT NULL,               -- of the cell, bits of a double
  PRIMARY KEY (sweep, rung, trial),
  FOREIGN KEY (sweep, rung) REFERENCES rungs(sweep, rung)
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace plasa::store
