// What readers get: the nouns of docs/http-api.md as plain structs. States and causes are the words people read
// ("queued", "KILLED"); times are seconds since 1970.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/core/model/replication.h"
#include "coordinator/store/band.h"
#include "coordinator/store/series_block.h"

namespace plasa::store {

struct MetricView {
  std::string name;
  double value = 0;
};

struct CertificateView {
  std::string state;   // holds | broken | unattested; empty before the attempt's start event
  std::string loaded;  // digest of a checkpoint; empty: none
  int64_t from = 0;    // number of the attempt that published it; 0: none
  std::string chain;   // SHA-256; empty unless it holds
  std::string objection;
  std::string hardware_class;
};

struct AttemptView {
  int64_t number = 0;  // 1-based within its trial
  uint64_t token = 0;
  std::string state;  // leased | running | succeeded | failed | canceled | preempted | lost
  std::string worker;
  int32_t slot = 0;
  std::string cause;  // empty: none
  std::string message;
  int64_t start_step = 0;
  int64_t last_step = 0;
  double created_unix_s = 0;
  double ended_unix_s = 0;  // 0 while it lives
  std::string hardware_class;
  std::string build;
  std::string data_digest;
  CertificateView certificate;
};

struct AuditView {
  int32_t number = 0;
  std::string name;
  bool passed = false;
  std::string figure;
  std::string message;
};

struct TrialView {
  std::string id;
  std::string cell;  // canonical JSON of the factors that vary in the sweep it was read for
  uint64_t seed = 0;
  std::string state;  // queued | running | succeeded | failed | canceled | pruned | quarantined; suspect by Overlay
  std::string params_json;
  int64_t step = 0;
  int64_t steps_total = 0;
  std::vector<MetricView> metrics;        // last visible value of each series
  std::vector<MetricView> first_metrics;  // first visible value of each series
  std::vector<AttemptView> attempts;      // oldest first
  bool admitted = false;
  bool valid = false;
  std::vector<std::string> invalid_reasons;
  std::string cause;    // empty: none
  std::string message;  // of the attempt that ended it
  std::string explain;  // why it is where it is; filled by Overlay (coordinator/overlay.h)
  std::vector<AuditView> audits;
  std::string trainer;
  std::string data_json;
};

struct SweepView {
  std::string id;
  std::string name;
  std::string spec_json;
  std::string state;  // running | succeeded | failed | canceled
  uint32_t trials = 0;
  std::map<std::string, uint32_t> counts;  // by trial state, every word present; suspect by Overlay
  std::string metric_name;
  std::string metric_goal;  // minimize | maximize
  double created_unix_s = 0;
  double eta_s = -1;       // negative while unknown
  double progress = 0;     // 0..1, by steps
  std::string best_trial;  // empty: none yet
  double best_value = 0;
  coordinator::Replication replication;
};

struct TrialDetailView {
  TrialView trial;
  std::string stats_json;   // last visible `stats` event, or empty
  std::string result_json;  // accepted `result` event, or empty
  std::vector<std::string> notes;
};

// Steps that a reader wants to see, both ends included; as it is, all.
struct StepSpan {
  int64_t from = std::numeric_limits<int64_t>::min();
  int64_t to = std::numeric_limits<int64_t>::max();

  [[nodiscard]] bool Holds(int64_t step) const { return from <= step && step <= to; }
  [[nodiscard]] bool IsAll() const { return *this == StepSpan{}; }
  bool operator==(const StepSpan&) const = default;
};

struct AttemptPoint {
  int64_t attempt = 0;  // number
  Point point;
};

struct SeriesView {
  std::string name;
  std::vector<AttemptPoint> points;  // visible ones, by step
};

// Where a page of points goes on: behind `step` of the series `name`.
struct PointPlace {
  std::string name;
  int64_t step = 0;
};

struct PointsPage {
  std::vector<SeriesView> series;  // by name
  bool more = false;               // points follow behind the last one
};

struct CurveView {
  std::string trial;
  std::string cell;
  uint64_t seed = 0;
  std::vector<Point> points;
};

// One metric over the seeds of a cell.
struct BandView {
  std::string cell;
  size_t seeds = 0;
  std::vector<BandPoint> points;
};

// What a trainer's result says of its cost.
struct CostView {
  std::string trial;
  std::string json;  // [seconds a step, seq_len, [k of each layer], FLOPs a step]; null for what it does not say
};

// A sweep was submitted, or an attempt began or ended.
struct HappeningView {
  double time_unix_s = 0;
  std::string kind;   // submitted | started | ended
  std::string sweep;  // that was submitted, else empty
  std::string trial;  // empty for a sweep
  int64_t attempt = 0;
  std::string state;  // an attempt's end
  std::string cause;
  std::string worker;
  std::string text;  // name of the sweep, or what the attempt said
};

struct LogView {
  std::string text;
  uint64_t dropped_bytes = 0;
  std::string worker;  // where the whole log is
  std::string path;
};

struct CheckpointFileView {
  std::string name;
  uint64_t size = 0;
  std::string sha256;
};

struct CheckpointView {
  std::string digest;  // empty: the trial has none
  int64_t step = 0;
  uint64_t events_seq = 0;
  std::vector<CheckpointFileView> files;  // by name
};

struct TrialResultView {
  TrialView trial;
  std::string result_json;
  std::string stats_json;
  CheckpointView checkpoint;  // the last one published
};

}  // namespace plasa::store
