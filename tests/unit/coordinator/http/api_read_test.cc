// What the reading routes of docs/http-api.md answer.
#include <boost/json.hpp>

#include "test_server.h"

namespace plasa {
namespace {

namespace json = boost::json;

class ApiRead : public HttpServerTest {};

json::value Parsed(const char* text) { return json::parse(text); }

TEST_F(ApiRead, InfoSaysWhoAnswers) {
  const json::value info = GetJson("/api/v1/info");
  EXPECT_EQ(info.at("v"), 1);
  EXPECT_EQ(info.at("version"), "1.2.3");
  EXPECT_EQ(info.at("cluster_uuid"), "c1u57e2-0000");
  EXPECT_EQ(info.at("epoch"), 3);
  EXPECT_GE(info.at("uptime_s").to_number<double>(), 0);
}

TEST_F(ApiRead, SweepsAreNewestFirstWithAllCounts) {
  const json::value list = GetJson("/api/v1/sweeps");
  EXPECT_EQ(list.at("cursor"), live.Cursor());
  const json::array& sweeps = list.at("sweeps").as_array();
  ASSERT_EQ(sweeps.size(), 2u);
  EXPECT_EQ(sweeps[1].at("id"), "0lder00000000000");
  json::object newest = sweeps[0].as_object();
  EXPECT_TRUE(newest["eta_s"].is_number());  // depends on the clock of the database
  newest.erase("eta_s");
  EXPECT_EQ(json::value(newest), Parsed(R"({
    "id": "5weep0000000001", "name": "toy", "state": "running", "metric": {"name": "val/loss", "goal": "minimize"}, "trials": 2,
    "counts": {"queued": 0, "running": 1, "suspect": 0, "succeeded": 1, "failed": 0, "canceled": 0, "pruned": 0, "quarantined": 0},
    "created": 2001.0, "progress": 0.65, "best": {"trial": "aaaa000000000001", "value": 1.5},
    "replication": {"open": false, "added": [], "stopped": null}})"));
}

TEST_F(ApiRead, SweepsCanBeLimited) {
  EXPECT_EQ(GetJson("/api/v1/sweeps?limit=1").at("sweeps").as_array().size(), 1u);
  EXPECT_EQ(Get("/api/v1/sweeps?limit=0").status, 400);
  EXPECT_EQ(Get("/api/v1/sweeps?limit=many").status, 400);
}

TEST_F(ApiRead, VerdictsOfASweepThatAsksNothingAreEmpty) {
  const json::value answers = GetJson("/api/v1/sweeps/toy/verdicts");
  EXPECT_EQ(answers, Parsed(R"({"v": 1, "margin": 0.02, "alpha": 0.05, "looks": [], "claims": [], "verdicts": []})"));
  EXPECT_EQ(Get("/api/v1/sweeps/absent/verdicts").status, 404);
}

TEST_F(ApiRead, LeaderboardOfNoEntriesIsEmpty) {
  EXPECT_EQ(GetJson("/api/v1/leaderboard"), Parsed(R"({"v": 1, "boards": []})"));
}

// A hundred seeds take seconds: nobody else may wait for them.
TEST_F(ApiRead, VerdictsAreNotComputedOnTheHttpThread) {
  Start();
  slow().Stop();
  EXPECT_EQ(Get("/api/v1/sweeps/toy/verdicts").status, 503);
  EXPECT_EQ(Get("/healthz").status, 200);
}

TEST_F(ApiRead, SweepHasItsTrialsInGridOrder) {
  const json::value page = GetJson("/api/v1/sweeps/" + kSweep);
  EXPECT_EQ(page.at("sweep").at("id"), json::value(kSweep));
  const json::array& trials = page.at("trials").as_array();
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].at("id"), json::value(kDone));
  EXPECT_EQ(trials[1].at("id"), json::value(kRunning));
  EXPECT_EQ(commands.judged, (std::vector<std::string>{kDone, kRunning}));
}

TEST_F(ApiRead, RowsOfTrialsAreTheTrialsWithoutTheirBelongings) {
  for (const std::string sweep : {"toy", "older"}) {  // of "older" the answer of before is kept
    const json::array whole = GetJson("/api/v1/sweeps/" + sweep).at("trials").as_array(),
                      rows = GetJson("/api/v1/sweeps/" + sweep + "?trials=rows").at("trials").as_array();
    ASSERT_EQ(rows.size(), whole.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      json::object expected = whole[i].as_object();
      for (const char* belonging : {"first_metrics", "attempts", "audits"})
        EXPECT_EQ(expected.erase(belonging), 1u) << belonging;
      EXPECT_EQ(rows[i], json::value(expected));
      EXPECT_EQ(rows[i].at("attempt_count"), whole[i].at("attempts").as_array().size());
    }
  }
  EXPECT_EQ(Get("/api/v1/sweeps/toy?trials=some").status, 400);
}

TEST_F(ApiRead, AnEndedSweepIsReadOnceUntilSomethingChanges) {
  const std::string address = "/api/v1/sweeps/older";
  const json::value page = GetJson(address);
  commands.judged.clear();
  EXPECT_EQ(GetJson(address), page);
  EXPECT_TRUE(commands.judged.empty());
  EXPECT_EQ(Get("/api/v1/sweeps/toy").status, 200);  // one of its trials is running
  commands.judged.clear();
  EXPECT_EQ(Get("/api/v1/sweeps/toy").status, 200);
  EXPECT_EQ(commands.judged.size(), 2u);
  LiveChange change;
  change.sweeps.insert("0lder00000000000");
  live.Publish(change);
  commands.judged.clear();
  EXPECT_GT(GetJson(address).at("cursor").as_int64(), page.at("cursor").as_int64());
  EXPECT_EQ(commands.judged, (std::vector<std::string>{kDone}));
}

TEST_F(ApiRead, SweepIsFoundByNameByPrefixAndAsTheLastOne) {
  for (const char* name : {"toy", "5wee", "last"})
    EXPECT_EQ(GetJson(std::string("/api/v1/sweeps/") + name).at("sweep").at("id"), json::value(kSweep));
}

TEST_F(ApiRead, WhatTheCoreJudgesIsLaidOverWhatIsStored) {
  Judgements judged;
  judged.trials[kRunning] = {.suspect = true, .explain = "Its worker has been silent for 7 s."};
  judged.suspects_of_sweep[kSweep] = 1;
  commands.judgements = judged;
  const json::value page = GetJson("/api/v1/sweeps/toy");
  EXPECT_EQ(page.at("sweep").at("counts").at("suspect"), 1);
  EXPECT_EQ(page.at("sweep").at("counts").at("running"), 0);
  EXPECT_EQ(page.at("trials").as_array()[1].at("state"), "suspect");
  EXPECT_EQ(page.at("trials").as_array()[1].at("explain"), "Its worker has been silent for 7 s.");
  EXPECT_EQ(GetJson("/api/v1/sweeps").at("sweeps").as_array()[0].at("counts").at("suspect"), 1);
  EXPECT_EQ(GetJson("/api/v1/trials/" + kRunning).at("trial").at("state"), "suspect");
}

TEST_F(ApiRead, TrialTellsAllOfIt) {
  const json::value page = GetJson("/api/v1/trials/" + kDone);
  EXPECT_EQ(page.at("trial"), Parsed(R"({
    "id": "aaaa000000000001", "cell": {"x": 0}, "seed": 7, "state": "succeeded", "params": {"x": 0, "lr": 0.001}, "step": 100,
    "steps_total": 100, "metrics": {"val/loss": 1.5}, "first_metrics": {"val/loss": 3.0}, "attempt_count": 2,
    "attempts": [
      {"number": 1, "token": 11, "state": "lost", "worker": "w0rk", "slot": 0, "cause": "WORKER_LOST", "message": "silent for 60 s",
       "start_step": 0, "last_step": 40, "created": 2060.0, "ended": 2097.0, "hardware_class": "hw", "build": "b1", "data_digest": "d1",
       "certificate": {"state": "holds", "loaded": null, "from": null, "chain": "c1", "objection": null, "hardware_class": null}},
      {"number": 2, "token": 12, "state": "succeeded", "worker": "w0rk", "slot": 1, "cause": null, "message": "",
       "start_step": 20, "last_step": 100, "created": 2120.0, "ended": 2157.0, "hardware_class": "hw", "build": "b1", "data_digest": "d1",
       "certificate": {"state": "broken", "loaded": "d9", "from": 1, "chain": null, "objection": "loaded d9", "hardware_class": "hw"}}],
    "admitted": true, "valid": true, "invalid_reasons": [], "cause": null, "explain": "",
    "audits": [{"number": 3, "name": "causality", "passed": true, "figure": "0", "message": "<b>clean</b>"}],
    "trainer": "plasa", "data": {"corpus": "kjv"}})"));
  EXPECT_EQ(page.at("cursor"), live.Cursor());
  EXPECT_EQ(page.at("sweeps"), Parsed(R"(["0lder00000000000", "5weep0000000001"])"));
  EXPECT_EQ(page.at("stats").at("layers").as_array()[0].at("k_ratio"), 0.5);
  EXPECT_EQ(page.at("result").at("metrics").at("val/loss"), 1.5);
  EXPECT_EQ(page.at("notes"), Parsed(R"(["denormals are flushed"])"));
}

TEST_F(ApiRead, TrialThatRunsHasNoEndNoResultAndItsReasons) {
  const json::value page = GetJson("/api/v1/trials/bbbb");
  EXPECT_TRUE(page.at("trial").at("attempts").as_array()[0].at("ended").is_null());
  EXPECT_TRUE(page.at("stats").is_null());
  EXPECT_TRUE(page.at("result").is_null());
  EXPECT_EQ(page.at("trial").at("invalid_reasons"), Parsed(R"(["a reference mode"])"));
}

TEST_F(ApiRead, NonFiniteFiguresAreText) {
  const json::value trial = GetJson("/api/v1/trials/" + kRunning).at("trial");
  EXPECT_EQ(trial.at("metrics"), Parsed(R"({"train/loss": "Infinity", "val/loss": "NaN"})"));
}

TEST_F(ApiRead, CurvesAreOfTheObjectiveUnlessAnotherMetricIsNamed) {
  const json::value curves = GetJson("/api/v1/sweeps/toy/curves");
  EXPECT_EQ(curves.at("metric"), "val/loss");
  EXPECT_EQ(curves.at("series"), Parsed(R"([
    {"trial": "aaaa000000000001", "cell": {"x": 0}, "seed": 7, "points": [[0, 3.0], [20, 2.5], [60, 2.0], [100, 1.5]]},
    {"trial": "bbbb000000000002", "cell": {"x": 1}, "seed": 7, "points": [[0, 3.0], [30, "NaN"]]}])"));
  const json::value other = GetJson("/api/v1/sweeps/toy/curves?metric=train%2Floss&points=50");
  EXPECT_EQ(other.at("metric"), "train/loss");
  EXPECT_EQ(other.at("series").as_array().size(), 1u);
}

TEST_F(ApiRead, BandsAreTheSeedsOfACellTogether) {
  const json::value bands = GetJson("/api/v1/sweeps/toy/bands");
  EXPECT_EQ(bands.at("metric"), "val/loss");
  EXPECT_EQ(bands.at("bands"), Parsed(R"([
    {"cell": {"x": 0}, "seeds": 1, "points": [[0, 3.0, 3.0, 3.0], [20, 2.5, 2.5, 2.5], [60, 2.0, 2.0, 2.0], [100, 1.5, 1.5, 1.5]]},
    {"cell": {"x": 1}, "seeds": 1, "points": [[0, 3.0, 3.0, 3.0], [30, "NaN", "NaN", "NaN"]]}])"));
}

TEST_F(ApiRead, ARangeOfStepsIsReadAlone) {
  EXPECT_EQ(GetJson("/api/v1/trials/aaaa/metrics?name=val/loss&from=20&to=60").at("series"),
            Parsed(R"({"val/loss": [[20, 2.5], [60, 2.0]]})"));
  EXPECT_EQ(GetJson("/api/v1/sweeps/toy/curves?from=61").at("series").as_array()[0].at("points"),
            Parsed("[[100, 1.5]]"));
  EXPECT_EQ(GetJson("/api/v1/sweeps/toy/bands?to=0").at("bands").as_array()[1].at("points"),
            Parsed("[[0, 3.0, 3.0, 3.0]]"));
  for (const char* range : {"from=9&to=8", "from=x", "to=1.5"}) {
    EXPECT_EQ(Get(std::string("/api/v1/sweeps/toy/bands?") + range).status, 400) << range;
    EXPECT_EQ(Get(std::string("/api/v1/trials/aaaa/metrics?") + range).status, 400) << range;
  }
}

TEST_F(ApiRead, CostsAreThoseOfResultsAndNullWhereAResultDoesNotSay) {
  EXPECT_EQ(GetJson("/api/v1/sweeps/toy/costs").at("costs"), Parsed(R"([
    {"trial": "aaaa000000000001", "time_per_step": 0.25, "seq_len": 64, "layer_k": [64, 16], "flops": null}])"));
}

TEST_F(ApiRead, EventsAreWhatHappenedNewestFirst) {
  const json::value page = GetJson("/api/v1/events");
  EXPECT_EQ(page.at("cursor"), live.Cursor());
  const json::array& events = page.at("events").as_array();
  ASSERT_EQ(events.size(), 7u);  // two sweeps, three starts, two ends
  for (size_t i = 1; i < events.size(); ++i)
    EXPECT_GE(events[i - 1].at("time").to_number<double>(), events[i].at("time").to_number<double>());
  EXPECT_EQ(events[0],
            Parsed(R"({"time": 2157.0, "kind": "ended", "sweep": null, "trial": "aaaa000000000001", "attempt": 2,
    "state": "succeeded", "cause": null, "worker": "w0rk", "text": ""})"));
  EXPECT_EQ(events[1].at("text"), "from step 20");
  EXPECT_EQ(events[2].at("cause"), "WORKER_LOST");
  EXPECT_EQ(events[6],
            Parsed(R"({"time": 1000.5, "kind": "submitted", "sweep": "0lder00000000000", "trial": null, "attempt": null,
    "state": null, "cause": null, "worker": null, "text": "older"})"));
  EXPECT_EQ(GetJson("/api/v1/events?limit=2").at("events").as_array().size(), 2u);
  EXPECT_EQ(Get("/api/v1/events?limit=0").status, 400);
}

TEST_F(ApiRead, MetricsOfATrialByNameOrAll) {
  EXPECT_EQ(GetJson("/api/v1/trials/bbbb/metrics?name=val/loss").at("series"),
            Parsed(R"({"val/loss": [[0, 3.0], [30, "NaN"]]})"));
  EXPECT_EQ(GetJson("/api/v1/trials/bbbb/metrics").at("series").as_object().size(), 2u);
  EXPECT_EQ(Get("/api/v1/trials/bbbb/metrics?points=-3").status, 400);
}

TEST_F(ApiRead, LogIsATailOfText) {
  const json::value log = GetJson("/api/v1/trials/aaaa/log");
  EXPECT_EQ(log.at("text"), "step 100\n<script>");
  EXPECT_EQ(log.at("dropped_bytes"), 0);
  EXPECT_EQ(log.at("worker"), "w0rk");
  EXPECT_EQ(log.at("path"), "worker/attempts/aaaa000000000001-12/output.log");
  const json::value end = GetJson("/api/v1/trials/aaaa/log?bytes=8");
  EXPECT_EQ(end.at("text"), "<script>");
  EXPECT_EQ(end.at("dropped_bytes"), 9);
}

TEST_F(ApiRead, WorkersAreTheCores) {
  WorkerView worker{.id = "w0rk",
                    .name = "box",
                    .state = "online",
                    .silent_s = 0.5,
                    .version = "1.2.3",
                    .slots = {},
                    .trainers = {"plasa"}};
  worker.slots = {{0, {"cpu", "EPYC", 1024, "epyc/avx2"}, kRunning}, {1, {"cpu", "EPYC", 1024, "epyc/avx2"}, ""}};
  commands.workers = std::vector{worker};
  const json::value page = GetJson("/api/v1/workers");
  EXPECT_EQ(page.at("workers"),
            Parsed(R"([{"id": "w0rk", "name": "box", "state": "online", "silent_s": 0.5, "version": "1.2.3",
    "trainers": ["plasa"], "slots": [
      {"index": 0, "device": {"kind": "cpu", "model": "EPYC", "memory_bytes": 1024, "hardware_class": "epyc/avx2"}, "trial": "bbbb000000000002"},
      {"index": 1, "device": {"kind": "cpu", "model": "EPYC", "memory_bytes": 1024, "hardware_class": "epyc/avx2"}, "trial": null}]}])"));
}

TEST_F(ApiRead, WhatIsNotThereIs404) {
  for (const char* target : {"/api/v1/sweeps/nonesuch", "/api/v1/trials/nonesuch", "/api/v1/trials/nonesuch/log",
                             "/api/v1/nonesuch", "/api/v2/sweeps", "/api", "/api/v1/sweeps/toy/curves/x"}) {
    const HttpReply reply = Get(target);
    EXPECT_EQ(reply.status, 404) << target;
    EXPECT_EQ(reply.Json().at("error").at("code"), "NOT_FOUND") << target;
  }
}

TEST_F(ApiRead, TheCoreMayAnswerFromAnotherThread) {
  commands.own_thread = true;
  for (const char* target : {"/api/v1/sweeps", "/api/v1/sweeps/toy", "/api/v1/trials/aaaa", "/api/v1/workers"}) {
    EXPECT_EQ(Get(target).status, 200) << target;
  }
  EXPECT_EQ(Post("/api/v1/sweeps/toy/cancel").status, 200);
}

TEST_F(ApiRead, AStoppingCoreIs503) {
  commands.judgements = absl::UnavailableError("the coordinator is stopping");
  commands.workers = absl::UnavailableError("the coordinator is stopping");
  for (const char* target : {"/api/v1/sweeps", "/api/v1/sweeps/toy", "/api/v1/trials/aaaa", "/api/v1/workers"}) {
    EXPECT_EQ(Get(target).status, 503) << target;
  }
}

}  // namespace
}  // namespace plasa
