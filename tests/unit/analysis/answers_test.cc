#include "analysis/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/contrast_sets.h"
#include "analysis/verdicts_value.h"
#include "common/experiment/contrast_sets.h"
#include "made_up_sweep.h"

namespace plasa::analysis {
namespace {

using testing::HasSubstr;

Questions Experiment() {
  Questions questions;
  questions.set = "exp3";
  return questions;
}

// A little scatter that is no schedule's own.
double Scatter(uint64_t seed, const std::string& label) {
  return 0.002 * std::sin(static_cast<double>(seed) * 1.7 + static_cast<double>(label.size()));
}

// Losses in which the experiment's hopes come true: uniform loses at 1024, the varied schedules win it back,
// progressive beats its reverse, the middle is the third to save on.
double Hoped(const std::string& label, int64_t seq_len, uint64_t seed) {
  const double gap = seq_len == 1024 ? 0.3 : seq_len == 256 ? 0.1 : 0.0;
  const auto at = [&](double share) {
    return 3 + share * gap + 0.1 * static_cast<double>(seed) + Scatter(seed, label);
  };
  if (label == "dense_baseline" || label == "dense_to_sparse") return at(0.1);
  if (label == "aggressive_middle") return at(0.05);
  if (label == "progressive_sparse") return at(0.2);
  if (label == "reverse_progressive") return at(0.6);
  return at(1);
}

const Claim& Find(const Answers& answers, const std::string& id, std::optional<int64_t> seq_len = std::nullopt) {
  const auto found = std::find_if(answers.claims.begin(), answers.claims.end(), [&](const Claim& claim) {
    return claim.id == id && (!seq_len || claim.seq_len == seq_len);
  });
  static const Claim none;
  EXPECT_NE(found, answers.claims.end()) << id;
  return found == answers.claims.end() ? none : *found;
}

std::vector<TrialRecord> All(uint64_t seeds, const LossOf& loss_of) {
  std::vector<TrialRecord> trials = MadeUpSweep(kGrid, seeds, loss_of);
  const std::vector<TrialRecord> controls = MadeUpSweep(kControls, seeds, loss_of);
  trials.insert(trials.end(), controls.begin(), controls.end());
  return trials;
}

TEST(Sets, EachNameHasATableWhosePartsAreThere) {
  for (const std::string& name : ContrastSetNames()) {
    const ContrastSet* set = FindContrastSet(name);
    ASSERT_NE(set, nullptr) << name;
    for (const ClaimRow& claim : set->claims) {
      for (const Part& part : claim.parts) {
        const auto is = [&](const FamilyRow& row) { return row.name == part.family; };
        const auto row = std::find_if(set->families.begin(), set->families.end(), is);
        ASSERT_NE(row, set->families.end()) << name << ": " << claim.id << " rests on " << part.family;
        EXPECT_LE(part.first + part.count, row->pairs.size()) << claim.id;
      }
    }
  }
  EXPECT_EQ(FindContrastSet("exp4"), nullptr);
}

// What a set compares is in the grid of schedules, or among the controls that a sweep adds for it.
TEST(Sets, ControlsBringEverySide) {
  for (const std::string& name : ContrastSetNames()) {
    std::set<std::string> brought(kGrid.begin(), kGrid.end());
    for (const std::string& schedule : kGrid) {
      for (const std::string& label : ControlsOf(name, schedule)) brought.insert(label);
    }
    for (const FamilyRow& row : FindContrastSet(name)->families) {
      for (const Pair& pair : row.pairs) {
        EXPECT_TRUE(brought.contains(std::string(pair.a))) << name << ": " << pair.a;
        EXPECT_TRUE(brought.contains(std::string(pair.b))) << name << ": " << pair.b;
      }
    }
  }
}

TEST(Sets, ClaimsAreUnique) {
  std::set<std::pair<std::string, int64_t>> seen;
  for (const Claim& claim : AnswersTo(Experiment(), All(10, Hoped)).claims)
    EXPECT_TRUE(seen.emplace(claim.id, claim.seq_len.value_or(0)).second) << claim.id;
  EXPECT_GE(seen.size(), 40u);
}

TEST(Experiment, HopesThatComeTrueAreSupported) {
  const Answers answers = AnswersTo(Experiment(), All(10, Hoped));
  for (const char* id : {"primary-am-mu", "primary-prog-rev", "H1", "H1a", "H2", "Q1", "Q2", "Q3", "Q4", "checklist-1"})
    EXPECT_EQ(Find(answers, id, 1024).verdict, "supported") << id << ": " << Find(answers, id, 1024).sentence;
  for (const char* id : {"H1b", "H3-spread"}) EXPECT_EQ(Find(answers, id).verdict, "supported") << id;
  EXPECT_EQ(Find(answers, "H1c", 1024).verdict, "supported");
  EXPECT_EQ(Find(answers, "failure-reverse", 1024).verdict, "contradicted");
  EXPECT_EQ(Find(answers, "H3-similar", 64).verdict, "supported");
  EXPECT_EQ(Find(answers, "failure-similar", 1024).verdict, "contradicted");
  // At 64 nothing differs.
  EXPECT_EQ(Find(answers, "H1", 64).verdict, "equivalent within 0.02");
}

TEST(Experiment, TheShareRecoveredIsARatioWithAnInterval) {
  const Claim claim = Find(AnswersTo(Experiment(), All(10, Hoped)), "H1a", 1024);
  // (1 - .05) / (1 - .1), up to the scatter.
  EXPECT_NEAR(claim.effect.mean, 0.95 / 0.9, 0.02);
  EXPECT_LT(claim.effect.lo, claim.effect.mean);
  EXPECT_GT(claim.effect.hi, claim.effect.mean);
  EXPECT_THAT(claim.sentence, HasSubstr("share of the loss of uniform_sparse against dense_baseline"));
}

TEST(Experiment, WithoutAGapThereIsNothingToRecoverAndNoPremise) {
  const auto flat = [](const std::string& label, int64_t, uint64_t seed) { return 3 + Scatter(seed, label); };
  const Answers answers = AnswersTo(Experiment(), All(10, flat));
  EXPECT_EQ(Find(answers, "H1a", 1024).verdict, "nothing to recover");
  EXPECT_EQ(Find(answers, "Q1", 1024).verdict, "premise not reproduced");
  EXPECT_EQ(Find(answers, "failure-similar", 1024).verdict, "supported");
}

TEST(Experiment, WhatOnlyBeatsUniformByItsBudgetIsABudgetEffect) {
  const auto budget = [](const std::string& label, int64_t seq_len, uint64_t seed) {
    return Hoped(label.starts_with("matched")   ? "dense_to_sparse"
                 : label == "aggressive_middle" ? "uniform_sparse"
                                                : label,
                 seq_len, seed);
  };
  EXPECT_EQ(Find(AnswersTo(Experiment(), All(10, budget)), "Q4", 1024).verdict, "budget effect");
}

TEST(Experiment, WithoutControlsTheClaimsThatNeedThemSaySo) {
  const Answers answers = AnswersTo(Experiment(), MadeUpSweep(kGrid, 10, Hoped));
  EXPECT_EQ(Find(answers, "primary-am-mu", 64).verdict,
            "not testable (no admitted results of matched_uniform, schedule_match=aggressive_middle)");
  EXPECT_THAT(Find(answers, "H2", 1024).verdict, HasSubstr("not testable"));
  EXPECT_EQ(Find(answers, "checklist-1", 1024).verdict, "supported");
  EXPECT_FALSE(Find(answers, "H2", 1024).contrasts.empty());
}

// What another sweep of the store brought counts as if it had been in this one; what is invalid or of another
// configuration does not.
TEST(Experiment, RelatedTrialsAnswerTogether) {
  const std::vector<TrialRecord> grid = MadeUpSweep(kGrid, 10, Hoped), controls = MadeUpSweep(kControls, 10, Hoped);
  const Value together(VerdictsValue(AnswersTo(Experiment(), grid, controls)));
  EXPECT_EQ(together, Value(VerdictsValue(AnswersTo(Experiment(), All(10, Hoped)))));
  std::vector<TrialRecord> invalid = controls, other = controls, unadmitted = controls;
  for (TrialRecord& trial : invalid) trial.valid = false;
  for (TrialRecord& trial : other) trial.params["lr"] = 0.5;
  for (TrialRecord& trial : unadmitted) trial.admitted = false;
  for (const auto& related : {invalid, other, unadmitted})
    EXPECT_THAT(Find(AnswersTo(Experiment(), grid, related), "H2", 1024).verdict, HasSubstr("not testable"));
  EXPECT_EQ(Value(VerdictsValue(AnswersTo(Experiment(), All(10, Hoped), All(10, Hoped)))), together);
  std::vector<TrialRecord> with_a_bad_seed = controls;
  with_a_bad_seed.push_back(MadeUpTrial("aggressive_middle", 1024, 11, 1.0));
  with_a_bad_seed.back().valid = false;
  EXPECT_EQ(Value(VerdictsValue(AnswersTo(Experiment(), grid, with_a_bad_seed))), together);
}

// reverse_progressive is a permutation of progressive_sparse, and both have the same matched uniform.
TEST(Experiment, CellsAreKnownByTheirKeysAndNotByTheirSpelling) {
  std::vector<TrialRecord> trials = All(10, Hoped);
  for (TrialRecord& trial : trials) {
    if (trial.label != "reverse_progressive") continue;
    trial.params["schedule"] = "progressive_sparse";
    trial.params["schedule_perm"] = "MLE";
    trial.cell = {{"schedule", "progressive_sparse"}, {"schedule_perm", "MLE"}};
    Describe({}, &trial);
  }
  const Answers answers = AnswersTo(Experiment(), trials);
  EXPECT_EQ(Find(answers, "primary-prog-rev", 1024).verdict, "supported");
}

// A length that a preset says is known before the trainer has said it.
TEST(Experiment, APresetMaySayTheLength) {
  std::vector<TrialRecord> trials = MadeUpSweep(kGrid, 8, Hoped, {128});
  for (TrialRecord& trial : trials) {
    trial.params["preset"] = "plasa-benchmark";
    trial.params.erase("seq_len");
    trial.seq_len = trial.seed % 2 == 0 ? 0 : 128;
  }
  Questions questions;
  questions.set = "plasa-benchmark";
  const Answers answers = AnswersTo(questions, trials);
  ASSERT_EQ(answers.claims.size(), 2u);
  EXPECT_EQ(Find(answers, "not-worse", 128).verdict, "supported");
}

TEST(Experiment, FewSeedsAskForMore) {
  const Answers answers = AnswersTo(Experiment(), All(6, Hoped));
  const Claim& claim = Find(answers, "H1", 1024);
  EXPECT_EQ(claim.verdict, "inconclusive (n too small: run 2 more)");
  EXPECT_EQ(claim.run_more, 2u);
  // All lengths together are fifteen tests.
  EXPECT_EQ(Find(answers, "primary-all-prog-rev").run_more, 4u);
}

TEST(Experiment, InvalidRunsSupportNothing) {
  std::vector<TrialRecord> trials = All(10, Hoped);
  for (TrialRecord& trial : trials) trial.valid = false;
  for (const Claim& claim : AnswersTo(Experiment(), trials).claims)
    EXPECT_THAT(claim.verdict, HasSubstr("not testable")) << claim.id;
}

TEST(Experiment, SuccessWantsRecallToo) {
  const std::vector<TrialRecord> trials = All(10, Hoped);
  EXPECT_THAT(Find(AnswersTo(Experiment(), trials), "success", 1024).verdict, HasSubstr("not testable"));
  std::vector<TrialRecord> recall = trials;
  for (TrialRecord& trial : recall) {
    trial.id += "/mqar";
    trial.data = Value(Value::Object{{"task", "mqar"}});
    trial.metrics = {{"val/accuracy", 4 - trial.metrics.at("val/loss")}};
  }
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials, recall), "success", 1024).verdict, "supported");
  for (TrialRecord& trial : recall) trial.metrics = {{"val/accuracy", 0.5 + Scatter(trial.seed, trial.label)}};
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials, recall), "success", 1024).verdict, "equivalent within 0.02");
}

TEST(Experiment, SpeedComparesStepTimes) {
  std::vector<TrialRecord> trials = All(10, Hoped);
  for (TrialRecord& trial : trials)
    trial.metrics[kTimePerStep] = (trial.label == "dense_baseline" ? 0.2 : 0.15) + Scatter(trial.seed, trial.label);
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "speed", 1024).verdict, "supported");
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "checklist-4", 1024).verdict, "contradicted");
  for (TrialRecord& trial : trials) trial.metrics[kTimePerStep] = 0.2 + Scatter(trial.seed, trial.label);
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "checklist-4", 1024).verdict, "supported");
  for (TrialRecord& trial : trials)
    trial.metrics[kTimePerStep] = (trial.label == "dense_baseline" ? 0.2 : 0.3) + Scatter(trial.seed, trial.label);
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "speed", 1024).verdict, "no speedup");
  for (TrialRecord& trial : trials) trial.steps = 70;
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "speed", 1024).verdict, "no speedup");
  for (TrialRecord& trial : trials) trial.steps = 69;
  for (const char* claim : {"speed", "checklist-4"})
    EXPECT_THAT(Find(AnswersTo(Experiment(), trials), claim, 1024).verdict, HasSubstr("needs runs of 70 steps"));
}

TEST(Experiment, SparsityIsCounted) {
  std::vector<TrialRecord> trials = MadeUpSweep({"progressive_sparse"}, 2, Hoped, {64});
  EXPECT_THAT(Find(AnswersTo(Experiment(), trials), "checklist-5").verdict, HasSubstr("not testable"));
  // k = 64, 64, 16, 16, 32, 32 of 64: pairs of 8 windows.
  const auto pairs = [](int64_t k) { return 8 * (k * (k + 1) / 2 + (64 - k) * k); };
  for (TrialRecord& trial : trials) {
    for (const int64_t k : {64, 64, 16, 16, 32, 32}) trial.layers.push_back({k, pairs(k), 0});
  }
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "checklist-5").verdict, "supported");
  trials.back().layers[3].selected += 1;
  EXPECT_EQ(Find(AnswersTo(Experiment(), trials), "checklist-5").verdict,
            "contradicted (trial progressive_sparse/64/2)");
  trials.back().layers[3] = {16, pairs(16), 1};
  EXPECT_THAT(Find(AnswersTo(Experiment(), trials), "checklist-5").verdict, HasSubstr("contradicted"));
}

TEST(Experiment, AnotherFactorMakesGroupsThatAnswerApart) {
  std::vector<TrialRecord> trials = MadeUpSweep(kGrid, 8, Hoped);
  for (TrialRecord trial : MadeUpSweep(kGrid, 8, Hoped)) {
    trial.params["lr"] = trial.cell["lr"] = 0.5;
    trial.id += "/other";
    trials.push_back(trial);
  }
  for (size_t i = 0; i < trials.size() / 2; ++i) trials[i].params["lr"] = trials[i].cell["lr"] = 0.25;
  const Answers answers = AnswersTo(Experiment(), trials);
  EXPECT_EQ(Find(answers, "H1 [lr=0.5]", 1024).verdict, "supported");
  EXPECT_EQ(Find(answers, "H1 [lr=0.25]", 1024).title, "Aggressive middle is best (lr=0.25)");
}

TEST(Experiment, ASentenceCanBeQuoted) {
  const Claim claim = Find(AnswersTo(Experiment(), All(10, Hoped)), "primary-am-uni", 1024);
  EXPECT_TRUE(
      claim.sentence.starts_with("Aggressive middle beats uniform at seq_len=1024: supported; aggressive_middle - "
                                 "uniform_sparse in val/loss: -0.28"))
      << claim.sentence;
  EXPECT_THAT(claim.sentence, HasSubstr(" nats (95 % interval -0.28"));
  EXPECT_THAT(claim.sentence, HasSubstr("p = 0.00977 adjusted over 5, n = 10."));
}

TEST(List, GivesAClaimAContrastAndLength) {
  Questions questions;
  questions.contrasts = {*ParseContrast("aggressive_middle - uniform_sparse", "val/loss"),
                         *ParseContrast("a - b at seq_len=64 on val/accuracy", "val/loss")};
  const Answers answers = AnswersTo(questions, MadeUpSweep(kGrid, 8, Hoped));
  ASSERT_EQ(answers.claims.size(), 4u);
  ASSERT_EQ(answers.verdicts.size(), 4u);
  EXPECT_EQ(answers.claims[2].verdict, "supported");
  EXPECT_EQ(answers.claims[2].seq_len, 1024);
  EXPECT_EQ(answers.claims[2].id, "aggressive_middle - uniform_sparse on val/loss");
  EXPECT_EQ(answers.claims[3].verdict, "not testable (no admitted results of b)");
  EXPECT_EQ(answers.verdicts[2].family, "val/loss");
}

// Seeds of another sweep of the same cells count, and cells that only the other one has are known by their schedule.
TEST(List, RelatedTrialsCount) {
  Questions questions;
  questions.contrasts = {
      *ParseContrast("aggressive_middle - uniform_sparse at seq_len=1024", "val/loss"),
      *ParseContrast("aggressive_middle, schedule_perm=MEL - uniform_sparse at seq_len=1024", "val/loss")};
  const Answers answers = AnswersTo(questions, MadeUpSweep(kGrid, 4, Hoped), All(8, Hoped));
  EXPECT_EQ(answers.claims[0].verdict, "supported");
  EXPECT_EQ(answers.claims[0].effect.n, 8u);
  EXPECT_EQ(answers.claims[1].effect.n, 8u);
}

TEST(Value, HasEveryMember) {
  const Value::Object value = VerdictsValue(AnswersTo(Experiment(), MadeUpSweep(kGrid, 8, Hoped)));
  EXPECT_EQ(value.at("v"), Value(1));
  EXPECT_EQ(value.at("margin"), Value(0.02));
  EXPECT_EQ(value.at("alpha"), Value(0.05));
  const auto& claim = value.at("claims").As<Value::List>().front().As<Value::Object>();
  for (const char* key : {"id", "title", "question", "verdict", "sentence", "seq_len", "effect", "interval",
                          "p_adjusted", "n", "run_more", "contrasts"})
    EXPECT_TRUE(claim.contains(key)) << key;
  EXPECT_TRUE(claim.at("effect").IsNull());  // the matched control is missing
  EXPECT_EQ(claim.at("contrasts").As<Value::List>().front().As<Value::Object>().at("family"), Value("primary at 64"));
  EXPECT_FALSE(value.at("verdicts").As<Value::List>().empty());
}

TEST(Value, OnlyPairedSeedsAreCounted) {
  const Answers answers = AnswersTo(Experiment(), MadeUpSweep(kGrid, 8, Hoped));
  const Value::Object value = VerdictsValue(answers);
  const auto& claims = value.at("claims").As<Value::List>();
  size_t counted = 0;
  for (size_t i = 0; i < claims.size(); ++i) {
    const Value& n = claims[i].As<Value::Object>().at("n");
    EXPECT_EQ(n, answers.claims[i].effect.n > 0 ? Value(answers.claims[i].effect.n) : Value());
    counted += n.IsNull() ? 0 : 1;
  }
  EXPECT_GT(counted, 0u);
  EXPECT_LT(counted, claims.size());
}

}  // namespace
}  // namespace plasa::analysis
