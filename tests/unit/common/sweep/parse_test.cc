#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kSmall = "method: grid\nparameters: {lr: {values: [1, 2]}}\n";

TEST(Parse, ASmallFileGetsAllDefaults) {
  const SweepSpec spec = Parsed(kSmall);
  EXPECT_EQ(spec.method, "grid");
  EXPECT_EQ(spec.metric, "val/loss");
  EXPECT_EQ(spec.goal, "minimize");
  EXPECT_EQ(spec.trainer, "plasa");
  EXPECT_EQ(spec.data.CanonicalJson(), R"({"corpus":"kjv"})");
  EXPECT_THAT(spec.seeds, ElementsAre(1));
  EXPECT_EQ(spec.limits.lost_after_ms, 60000);
  EXPECT_THAT(spec.remarks, IsEmpty());
}

TEST(Parse, ErrorsNameLineAndColumnAndTheNearestKey) {
  EXPECT_EQ(Refusal("method: grid\nparamaters: {}\n"),
            "f.yaml:2:1: unknown key paramaters at the top of a sweep (did you mean parameters?)");
  EXPECT_EQ(Refusal("method: gird\nparameters: {lr: {value: 1}}"),
            "f.yaml:1:9: method must be one of grid, random, bayes, not \"gird\" (did you mean grid?)");
  EXPECT_THAT(Refusal("method: grid\nRUN: 3\n"), HasSubstr("did you mean run_cap?"));
  EXPECT_THAT(Refusal("method: grid\nmetric: {nmae: x}\n"),
              AllOf(StartsWith("f.yaml:2:10"), HasSubstr("did you mean name?")));
  EXPECT_THAT(Refusal("method: grid\nplasa: {seed: 3}\nparameters: {lr: {value: 1}}"),
              HasSubstr("did you mean seeds?"));
}

TEST(Parse, WhatIsNotYamlNamesThePlace) {
  EXPECT_THAT(Refusal("method: grid\nparameters:\n  a: {values: [1, 2}\n"),
              StartsWith("f.yaml:3:20: this is not YAML"));
  EXPECT_THAT(Refusal("a: b: c\n"), StartsWith("f.yaml:1:"));
  EXPECT_THAT(Refusal(""), HasSubstr("empty"));
  EXPECT_THAT(Refusal("# nothing\n"), HasSubstr("empty"));
  EXPECT_THAT(Refusal("hello"), HasSubstr("mapping"));
  EXPECT_THAT(Refusal("- 1\n"), HasSubstr("mapping"));
  EXPECT_THAT(Refusal("[a]: 1\n"), HasSubstr("a key must be a word"));
}

TEST(Parse, DuplicateKeysAreRefusedEverywhere) {
  EXPECT_EQ(Refusal("method: grid\nmethod: grid\n"),
            "f.yaml:2:1: the key method is here twice (the first one is in line 1)");
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}, lr: {value: 2}")), HasSubstr("the key lr is here twice"));
  EXPECT_THAT(Refusal("{\"method\": \"grid\", \"method\": \"grid\"}"), HasSubstr("method is here twice"));
  EXPECT_THAT(Refusal(Grid("lr: {value: {a: 1, a: 2}}")), HasSubstr("a is here twice"));
  EXPECT_THAT(Refusal(Grid("a.b: {value: 1}, a: {parameters: {b: {value: 1}}}")), HasSubstr("a.b is here twice"));
}

TEST(Parse, OneDocumentOnly) {
  EXPECT_THAT(Refusal(std::string(kSmall) + "---\n" + kSmall),
              AllOf(StartsWith("f.yaml:3:1"), HasSubstr("more than one document")));
  EXPECT_EQ(Refusal(std::string("%YAML 1.2\n---\n") + kSmall + "...\n"), "accepted");
}

TEST(Parse, MethodAndParametersAreRequired) {
  EXPECT_THAT(Refusal("parameters: {lr: {value: 1}}"), HasSubstr("method is missing"));
  EXPECT_THAT(Refusal("method: grid\n"), HasSubstr("parameters is missing"));
  EXPECT_THAT(Refusal("method: grid\nparameters: {}\n"), HasSubstr("no parameters"));
  EXPECT_THAT(Refusal("method: custom\nparameters: {lr: {value: 1}}"), HasSubstr("grid, random or bayes"));
}

TEST(Parse, MetricAndRunCap) {
  const SweepSpec spec =
      Parsed(Grid("lr: {value: 1}", "metric: {name: acc, goal: maximize, target: 0.9, impute: worst}\nrun_cap: 3"));
  EXPECT_EQ(spec.metric, "acc");
  EXPECT_EQ(spec.goal, "maximize");
  EXPECT_EQ(spec.run_cap, 3);
  EXPECT_THAT(spec.remarks, ElementsAre(HasSubstr("metric.target")));
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}", "run_cap: 0")),
              HasSubstr("run_cap must be a whole number from 1 on, not 0"));
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}", "run_cap: 2.5")), HasSubstr("run_cap"));
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}", "metric: acc")), HasSubstr("{name: val/loss"));
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}", "metric: {name: a, goal: minimise}")),
              HasSubstr("did you mean minimize?"));
}

TEST(Parse, EarlyTerminateIsFilledIn) {
  const std::string text = Grid("lr: {value: 0.001}", "early_terminate: {type: hyperband, min_iter: 3}");
  EXPECT_EQ(Parsed(text).early_terminate.CanonicalJson(), R"({"eta":3,"min_iter":3,"strict":true,"type":"hyperband"})");
  EXPECT_THAT(CellsText(Parsed(text)), HasSubstr("lr"));
  EXPECT_EQ(ExpandRefusal(text), "accepted");
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}", "early_terminate: {type: hyperband}")), HasSubstr("min_iter"));
  EXPECT_THAT(Refusal(Grid("lr: {value: 1}", "early_terminate: {type: hyperband, min_iter: 1, eta: 1}")),
              HasSubstr("eta"));
}

TEST(Parse, KeysOfWandbWithoutEffectAreKeptAndRemarked) {
  const SweepSpec spec =
      Parsed(Grid("lr: {value: 1}", "description: d\nproject: p\njob: j\nscheduler: {num_workers: 8}"));
  EXPECT_THAT(spec.remarks, ElementsAre(HasSubstr("job"), HasSubstr("project"), HasSubstr("num_workers")));
  EXPECT_EQ(spec.canonical.As<Value::Object>().at("scheduler").CanonicalJson(), R"({"num_workers":8})");
}

TEST(Parse, ProgramIsTheTrainerUnlessOneIsNamed) {
  EXPECT_EQ(Parsed(Grid("lr: {value: 1}", "program: ./train.py")).trainer, "./train.py");
  EXPECT_TRUE(Parsed(Grid("lr: {value: 1}", "program: ./train.py")).data.IsNull());
  EXPECT_EQ(Parsed(Grid("lr: {value: 1}", "program: x.py\nplasa: {trainer: plasa}")).trainer, "plasa");
}

TEST(Parse, JsonIsYamlToo) {
  const SweepSpec spec = Parsed(
      "{\t\"method\":\"grid\",\n\t\"parameters\":{\"a\":{\"values\":[1,\"\\ud83d\\ude00\",\"\\/\",\"\\\\ud83d\"]}}}");
  EXPECT_EQ(CellsText(spec), "{\"a\":1} {\"a\":\"\U0001F600\"} {\"a\":\"/\"} {\"a\":\"\\\\ud83d\"}");
  EXPECT_THAT(Refusal(R"({"method":"grid","parameters":{"a":{"value":"\ud83d"}}})"), HasSubstr("f.yaml:1:"));
}

TEST(Parse, AliasesAndMergeKeys) {
  EXPECT_EQ(CellsText(Parsed("method: grid\nparameters:\n  a: &a {values: [1]}\n  b: *a\n")), R"({"a":1,"b":1})");
  EXPECT_EQ(CellsText(Parsed("method: grid\nparameters:\n  a: &a {values: [1]}\n  b: {<<: *a, values: [2]}\n")),
            R"({"a":1,"b":2})");
}

}  // namespace
}  // namespace plasa
