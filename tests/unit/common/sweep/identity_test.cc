#include <gmock/gmock.h>

#include <set>

#include "sweep_text.h"

namespace plasa {
namespace {

// Ids of all trials.
std::set<std::string> Ids(const std::string& text) {
  std::set<std::string> ids;
  const Expansion expansion = *Expand(Parsed(text));
  for (const TrialSpec& trial : expansion.trials) ids.insert(trial.id);
  return ids;
}

TEST(Identity, ATrialIdIsSixteenHexDigits) {
  const auto ids = Ids(Grid("preset: {value: demo}"));
  ASSERT_EQ(ids.size(), 1u);
  EXPECT_THAT(*ids.begin(), testing::MatchesRegex("[0-9a-f]{16}"));
}

TEST(Identity, TwoSpellingsAreOneTrial) {
  const auto plain = Ids(Grid("preset: {value: demo}, seq_len: {values: [64]}"));
  EXPECT_EQ(plain, Ids(Grid("preset: {value: demo}, seq_len: {value: 64.0}, lr: {value: 2e-3}")));
  EXPECT_EQ(plain,
            Ids(Grid("preset: {value: demo}, seq_len: {value: 64}, n_kv_heads: {value: 4}, threads: {value: 1}")));
  EXPECT_EQ(plain, Ids(Grid("preset: {value: demo}, seq_len: {value: 64}",
                            "name: other\nplasa: {seeds: [1], data: {corpus: kjv}}")));
  EXPECT_EQ(plain, Ids(Grid("preset: {value: demo}, seq_len: {value: 64}, seed: {value: 1}")));
}

TEST(Identity, WhatChangesNumbersChangesTheId) {
  const std::string base = "preset: {value: demo}";
  std::set<std::string> ids = Ids(Grid(base));
  const size_t before = ids.size();
  const std::vector<std::string> others = {
      Grid(base, "plasa: {seeds: [2]}"),           Grid(base + ", threads: {value: 2}"),
      Grid(base + ", precision: {value: bf16}"),   Grid(base + ", lr: {value: 0.1}"),
      Grid(base, "plasa: {data: {corpus: sotu}}"), Grid(base, "plasa: {trainer: other}")};
  for (const std::string& other : others) ids.merge(Ids(other));
  EXPECT_EQ(ids.size(), before + others.size());
}

TEST(Identity, TrialIdOfParamsIsTheIdOfItsTrial) {
  for (const char* more : {"", "plasa: {trainer: other}"}) {
    const SweepSpec spec = Parsed(Grid("preset: {value: demo}, seq_len: {values: [64, 128]}", more));
    const Expansion expansion = *Expand(spec);
    for (const TrialSpec& trial : expansion.trials) EXPECT_EQ(TrialId(spec, trial.params), trial.id);
  }
}

TEST(Identity, AnIdenticalSpecificationIsTheSameSweep) {
  const std::string id = SweepId(Parsed(Grid("a: {values: [1, 2]}", "name: x")));
  EXPECT_THAT(id, testing::MatchesRegex("s[0-9a-f]{8}"));
  EXPECT_EQ(id, SweepId(Parsed(
                    "name: x\nmethod: grid\nparameters:\n  a:\n    values: [1.0, 2]\n    distribution: categorical\n"
                    "metric: {name: val/loss}\nplasa: {seeds: 1, trainer: plasa, lost_after: 1m, weight: 1.0}\n")));
  EXPECT_NE(id, SweepId(Parsed(Grid("a: {values: [2, 1]}", "name: x"))));
  EXPECT_NE(id, SweepId(Parsed(Grid("a: {values: [1, 2]}", "name: y"))));
}

}  // namespace
}  // namespace plasa
