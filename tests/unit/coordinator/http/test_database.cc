#include "test_database.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "coordinator/store/effects_writer.h"
#include "coordinator/store/schema.h"

namespace plasa {
namespace {

using namespace coordinator;  // NOLINT: the records of the core, nothing else is written here

SweepRecord Sweep(const std::string& id, int64_t position, const std::string& name) {
  SweepRecord sweep;
  sweep.id = id;
  sweep.position = position;
  sweep.name = name;
  sweep.spec_json = "{}";
  sweep.metric_name = "val/loss";
  sweep.metric_goal = "minimize";
  sweep.created_unix_s = 1000.5 * static_cast<double>(position);
  return sweep;
}

TrialRecord Trial(const std::string& id, int64_t position, TrialState state) {
  TrialRecord trial;
  trial.id = id;
  trial.position = position;
  trial.seed = 7;
  trial.params_json = R"({"x":)" + std::to_string(position) + R"(,"lr":0.001})";
  trial.trainer = "plasa";
  trial.data_json = R"({"corpus":"kjv"})";
  trial.state = state;
  trial.admitted = trial.valid = state == TrialState::kSucceeded;
  return trial;
}

AttemptRecord Attempt(uint64_t token, const std::string& trial, int64_t number, AttemptState state) {
  AttemptRecord attempt;
  attempt.token = token;
  attempt.trial = trial;
  attempt.number = number;
  attempt.state = state;
  attempt.worker = "w0rk";
  attempt.started = true;
  attempt.steps_total = 100;
  attempt.created_unix_s = 2000.0 + 60 * static_cast<double>(number);
  attempt.ended_unix_s = IsLive(state) ? 0 : attempt.created_unix_s + 37;
  attempt.hardware_class = "hw";
  attempt.build = "b1";
  attempt.data_digest = "d1";
  return attempt;
}

AttemptRecord LostAttempt() {
  AttemptRecord attempt = Attempt(11, kDone, 1, AttemptState::kLost);
  attempt.cause = Cause::kWorkerLost;
  attempt.message = "silent for 60 s";
  attempt.last_step = 40;
  attempt.certificate.chain = "c1";
  return attempt;
}

AttemptRecord SecondAttempt() {
  AttemptRecord attempt = Attempt(12, kDone, 2, AttemptState::kSucceeded);
  attempt.slot = 1;
  attempt.start_step = 20;
  attempt.certificate = {"d9", 1, "hw", "", "loaded d9"};
  attempt.last_step = 100;
  return attempt;
}

AttemptRecord LiveAttempt() {
  AttemptRecord attempt = Attempt(13, kRunning, 1, AttemptState::kRunning);
  attempt.last_step = 30;
  return attempt;
}

TrainerEvent Metric(int64_t step, const std::string& name, double value) {
  TrainerEvent event;
  event.type = "metric";
  event.step = step;
  event.time_unix_s = static_cast<double>(step);
  event.metrics = {{name, value}};
  return event;
}

TrainerEvent Event(const std::string& type, int64_t step, const std::string& json) {
  TrainerEvent event;
  event.type = type;
  event.step = step;
  event.json = json;
  return event;
}

AppendEvents Events(uint64_t token, const std::string& trial, std::vector<TrainerEvent> events) {
  for (size_t i = 0; i < events.size(); ++i) events[i].seq = i + 1;
  return {token, trial, std::move(events)};
}

std::vector<Write> Sweeps() {
  TrialRecord leaky = Trial(kRunning, 1, TrialState::kRunning);
  leaky.invalid_reasons = {"a reference mode"};
  return {PutSweep{Sweep("0lder00000000000", 1, "older")},
          PutSweep{Sweep(kSweep, 2, "toy")},
          PutTrial{Trial(kDone, 0, TrialState::kSucceeded)},
          PutTrial{leaky},
          PutMembers{"0lder00000000000", 0, {{kDone, "{}"}}},
          PutMembers{kSweep, 0, {{kDone, R"({"x":0})"}, {kRunning, R"({"x":1})"}}}};
}

std::vector<Write> Attempts() {
  const std::string audit = R"({"number":3,"name":"causality","passed":true,"figure":0,"message":"<b>clean</b>"})";
  const std::string stats = R"({"type":"stats","step":100,"layers":[{"layer_idx":0,"actual_k":8,"k_ratio":0.5}]})";
  return {PutAttempt{LostAttempt()},
          PutAttempt{SecondAttempt()},
          PutAttempt{LiveAttempt()},
          Events(11, kDone, {Metric(0, "val/loss", 3.0), Metric(20, "val/loss", 2.5), Metric(40, "val/loss", 9.0)}),
          Events(12, kDone,
                 {Metric(60, "val/loss", 2.0), Event("audit", 60, audit), Metric(100, "val/loss", 1.5),
                  Event("stats", 100, stats), Event("note", 100, R"({"text":"denormals are flushed"})"),
                  Event("result", 100,
                        R"({"type":"result","step":100,"metrics":{"val/loss":1.5},)"
                        R"("record":{"time_per_step":0.25,"layer_k":[64,16],"config":{"seq_len":64}}})")}),
          Events(13, kRunning,
                 {Metric(0, "val/loss", 3.0), Metric(0, "train/loss", 3.1), Metric(10, "train/loss", 2.9),
                  Metric(30, "val/loss", std::nan("")), Metric(30, "train/loss", HUGE_VAL)}),
          AppendLog{LogPiece{12, 0, "step 100\n<script>"}}};
}

}  // namespace

void WriteTestDatabase(const std::string& path) {
  auto connection = store::Connection::OpenWriter(path);
  ASSERT_TRUE(connection.ok()) << connection.status();
  const absl::Status migrated = store::Migrate(*connection, path);
  ASSERT_TRUE(migrated.ok()) << migrated;
  store::Queries queries(*std::move(connection));
  store::Written written;
  ASSERT_TRUE(queries.Run("BEGIN").ok());
  for (const std::vector<Write>& writes : {Sweeps(), Attempts()}) {
    const absl::Status applied = store::ApplyWrites(writes, queries, &written);
    ASSERT_TRUE(applied.ok()) << applied;
  }
  ASSERT_TRUE(queries.Run("COMMIT").ok());
}

}  // namespace plasa
