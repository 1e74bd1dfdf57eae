#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string WithPlasa(const std::string& keys) {
  return Grid("lr: {values: [0.1, 0.2]}, steps: {values: [1, 2]}", "plasa: {" + keys + "}");
}
SweepSpec Plasa(const std::string& keys) { return Parsed(WithPlasa(keys)); }
std::string PlasaRefusal(const std::string& keys) { return Refusal(WithPlasa(keys)); }

TEST(PlasaKeys, SeedsAsCountListOrRange) {
  EXPECT_THAT(Plasa("seeds: 3").seeds, ElementsAre(1, 2, 3));
  EXPECT_THAT(Plasa("seeds: [7, 3]").seeds, ElementsAre(7, 3));
  EXPECT_THAT(Plasa("seeds: {count: 2, base: 40}").seeds, ElementsAre(40, 41));
  EXPECT_EQ(Plasa("seeds: [1, 2]").canonical, Plasa("seeds: 2").canonical);
  for (const char* bad : {"seeds: 0", "seeds: -1", "seeds: 1.5", "seeds: []", "seeds: [1, 1]", "seeds: [a]",
                          "seeds: {base: 1}", "seeds: {count: 1000000}", "seeds: many"}) {
    EXPECT_THAT(PlasaRefusal(bad), HasSubstr("plasa.seeds")) << bad;
  }
}

TEST(PlasaKeys, Data) {
  EXPECT_EQ(Plasa("data: {corpus: sotu}").data.CanonicalJson(), R"({"corpus":"sotu"})");
  EXPECT_EQ(Plasa("data: {task: mqar, pairs: 4}").data.CanonicalJson(), R"({"pairs":4,"task":"mqar"})");
  EXPECT_THAT(PlasaRefusal("data: {corpus: kvj}"), HasSubstr("did you mean kjv?"));
  EXPECT_THAT(PlasaRefusal("data: {corpus: kjv, path: x}"), HasSubstr("both"));
  EXPECT_THAT(PlasaRefusal("data: {pth: x}"), HasSubstr("did you mean path?"));
  EXPECT_THAT(PlasaRefusal("data: {path: ''}"), HasSubstr("empty"));
  EXPECT_THAT(PlasaRefusal("data: {shared_path: /x}"), HasSubstr("sha256"));
  EXPECT_THAT(PlasaRefusal("data: kjv"), HasSubstr("{corpus: kjv}"));
}

TEST(PlasaKeys, Limits) {
  const TrialLimits limits =
      Plasa(
          "resources: {slots: 2, device: cuda, memory: 8GiB, hardware_class: big}, lost_after: 5m, timeout: 1.5h, "
          "max_attempts: 7, checkpoints: {every: 1500ms, keep: last}")
          .limits;
  EXPECT_EQ(limits.slots, 2);
  EXPECT_EQ(limits.device, "cuda");
  EXPECT_EQ(limits.memory_bytes, int64_t{8} << 30);
  EXPECT_EQ(limits.hardware_class, "big");
  EXPECT_EQ(limits.lost_after_ms, 300000);
  EXPECT_EQ(limits.timeout_ms, 5400000);
  EXPECT_EQ(limits.max_attempts, 7);
  EXPECT_EQ(limits.checkpoint_every_ms, 1500);
  EXPECT_EQ(Plasa("timeout: none").limits.timeout_ms, 0);
  EXPECT_EQ(Plasa("lost_after: 90").limits.lost_after_ms, 90000);
}

TEST(PlasaKeys, ImpossibleLimitsAreRefused) {
  for (const char* bad :
       {"lost_after: 0", "lost_after: none", "lost_after: 5 weeks", "lost_after: -3s", "timeout: soon", "timeout: .nan",
        "max_attempts: 0", "resources: {slots: 0}", "resources: {device: tpu}", "resources: {memory: 8GX}",
        "resources: {cores: 2}", "checkpoints: {every: none}", "checkpoints: {keep: all}"}) {
    EXPECT_THAT(PlasaRefusal(bad), HasSubstr("f.yaml:3:")) << bad;
  }
}

TEST(PlasaKeys, Share) {
  EXPECT_EQ(Plasa("priority: -3").priority, -3);
  EXPECT_EQ(Plasa("weight: 2.5").weight, 2.5);
  EXPECT_THAT(PlasaRefusal("weight: 0"), HasSubstr("plasa.weight"));
}

TEST(PlasaKeys, WhatIsNotThereYetIsRefusedInASentence) {
  EXPECT_THAT(PlasaRefusal("replicate: until_decided"), HasSubstr("needs contrasts"));
  EXPECT_THAT(PlasaRefusal("replicate: until_decided, contrasts: none"), HasSubstr("needs contrasts"));
  EXPECT_THAT(PlasaRefusal("replicate: until_decided, contrasts: exp3, seeds: 12"), HasSubstr("chooses the seeds"));
  EXPECT_THAT(PlasaRefusal("replicate: until_decided, contrasts: exp3, max_seeds: 11"), HasSubstr("12 to 20"));
  EXPECT_THAT(PlasaRefusal("replicate: until_decided, contrasts: exp3, max_seeds: 21"), HasSubstr("12 to 20"));
  EXPECT_EQ(PlasaRefusal("replicate: until_decided, contrasts: exp3, max_seeds: 16"), "accepted");
  EXPECT_THAT(Refusal(WithPlasa("replicate: until_decided, contrasts: exp3") +
                      "\nearly_terminate: {type: hyperband, min_iter: 3}\n"),
              HasSubstr("does not go with early_terminate"));
  EXPECT_EQ(PlasaRefusal("controls: none, replicate: fixed, contrasts: none"), "accepted");
  EXPECT_THAT(PlasaRefusal("replicate: untildecided"), HasSubstr("did you mean until_decided?"));
}

TEST(PlasaKeys, QuestionsAreKept) {
  const SweepSpec spec = Plasa(
      "contrasts: ['a - b at seq_len=64 on val/loss'], margin: 0.05, max_seeds: 12, notes: n, tags: [x, y], "
      "log_rules: {'CUDA error': exclude_worker}");
  EXPECT_EQ(
      spec.canonical.As<Value::Object>().at("plasa").CanonicalJson(),
      R"({"contrasts":["a - b at seq_len=64 on val/loss"],"log_rules":{"CUDA error":"exclude_worker"},"margin":0.05,)"
      R"("max_seeds":12,"notes":"n","tags":["x","y"]})");
  EXPECT_EQ(spec.limits.log_rules.at("CUDA error"), "exclude_worker");
  EXPECT_TRUE(spec.remarks.empty());
  for (const char* bad :
       {"contrasts: [a]", "contrasts: A B", "contrasts: {a: b}", "controls: all", "margin: 0", "max_seeds: 0",
        "log_rules: {'(': do_not_retry}", "log_rules: {x: retry}", "tags: {a: b}", "notes: 3"}) {
    EXPECT_THAT(PlasaRefusal(bad), HasSubstr("plasa.")) << bad;
  }
}

TEST(PlasaKeys, AnUnknownSetOfContrastsIsRefused) {
  EXPECT_THAT(PlasaRefusal("contrasts: exp33"), HasSubstr("did you mean exp3?"));
  EXPECT_EQ(PlasaRefusal("contrasts: exp3"), "accepted");
}

TEST(PlasaKeys, ControlsAreOfOurTrainer) {
  EXPECT_TRUE(Plasa("controls: matched").matched_controls);
  EXPECT_FALSE(Plasa("controls: none").matched_controls);
  EXPECT_THAT(PlasaRefusal("controls: matched, trainer: mine"), HasSubstr("the trainer plasa alone"));
}

TEST(PlasaKeys, ZipAndExcludeNameKnownParameters) {
  EXPECT_THAT(Plasa("zip: [steps, lr]").zip, ElementsAre(ElementsAre("lr", "steps")));
  EXPECT_THAT(Plasa("zip: [[steps, lr]]").zip, ElementsAre(ElementsAre("lr", "steps")));
  EXPECT_THAT(PlasaRefusal("zip: [lr, stesp]"), HasSubstr("did you mean steps?"));
  EXPECT_THAT(PlasaRefusal("zip: [lr]"), HasSubstr("at least two"));
  EXPECT_THAT(PlasaRefusal("zip: [lr, lr]"), HasSubstr("twice"));
  EXPECT_THAT(PlasaRefusal("exclude: [{stesp: 1}]"), HasSubstr("did you mean steps?"));
  EXPECT_THAT(PlasaRefusal("exclude: [{steps: 3}]"), HasSubstr("3 is no value of steps"));
  EXPECT_THAT(Refusal(Grid("a: {values: [1]}, b: {values: [1, 2]}", "plasa: {zip: [a, b]}")),
              HasSubstr("a has 1 values, b has 2"));
}

}  // namespace
}  // namespace plasa
