#include <gmock/gmock.h>

#include <set>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::HasSubstr;

TEST(Grid, NamesSortedTheLastVariesFastest) {
  EXPECT_EQ(CellsText(Parsed(Grid("b: {values: [2, 1]}, a: {values: [x, y]}, c: {value: 0}"))),
            R"({"a":"x","b":2,"c":0} {"a":"x","b":1,"c":0} {"a":"y","b":2,"c":0} {"a":"y","b":1,"c":0})");
}

TEST(Grid, RepeatedValuesCountOnce) {
  EXPECT_EQ(CellsText(Parsed(Grid("a: {values: [1e-5, 0.00001, !!float 1e-5, 1, 1.0, '1']}"))),
            R"({"a":1e-05} {"a":1} {"a":"1"})");
}

TEST(Grid, RangesAreEnumerated) {
  EXPECT_EQ(CellsText(Parsed(Grid("a: {min: -1, max: 1}"))), R"({"a":-1} {"a":0} {"a":1})");
  EXPECT_EQ(CellsText(Parsed(Grid("a: {distribution: q_uniform, min: 0, max: 1, q: 0.5}"))), R"({"a":0} {"a":0.5})");
  EXPECT_THAT(CellsText(Parsed(Grid("a: {distribution: q_uniform, min: 1, max: 1, q: 0.5}"))),
              HasSubstr("holds no value"));
}

TEST(Grid, ZippedParametersVaryTogether) {
  EXPECT_EQ(CellsText(Parsed(
                Grid("a: {values: [1, 2, 1]}, b: {values: [x, y, x]}, c: {values: [0, 1]}", "plasa: {zip: [a, b]}"))),
            R"({"a":1,"b":"x","c":0} {"a":1,"b":"x","c":1} {"a":2,"b":"y","c":0} {"a":2,"b":"y","c":1})");
}

TEST(Grid, ExcludedCombinationsAreLeftOut) {
  const std::string parameters = "a: {values: [1, 2, 3]}, b: {values: [x, y]}";
  EXPECT_EQ(CellsText(Parsed(Grid(parameters, "plasa: {exclude: [{a: [1, 2], b: y}, {a: 3, b: x}]}"))),
            R"({"a":1,"b":"x"} {"a":2,"b":"x"} {"a":3,"b":"y"})");
  EXPECT_THAT(CellsText(Parsed(Grid(parameters, "plasa: {exclude: [{b: [x, y]}]}"))), HasSubstr("leaves no cell"));
  EXPECT_EQ(CellsText(Parsed(Grid(parameters, "run_cap: 1\nplasa: {exclude: [{a: [1, 2]}]}"))), R"({"a":3,"b":"x"})");
}

TEST(Grid, RunCapTakesTheFirstCells) {
  EXPECT_EQ(CellsText(Parsed(Grid("a: {values: [1, 2]}, b: {values: [x, y]}", "run_cap: 3"))),
            R"({"a":1,"b":"x"} {"a":1,"b":"y"} {"a":2,"b":"x"})");
}

TEST(Grid, ShuffleIsAPermutationAndTheSameEachTime) {
  const std::string parameters = "a: {min: 1, max: 20}, b: {values: [x, y]}";
  const auto plain = *ExpandCells(Parsed(Grid(parameters)));
  const auto shuffled = *ExpandCells(Parsed(Grid(parameters, "plasa: {order: shuffle}")));
  std::set<std::string> texts;
  for (const auto& cell : shuffled) texts.insert(Value(cell).CanonicalJson());
  EXPECT_EQ(texts.size(), plain.size());
  EXPECT_NE(Value(shuffled.front()).CanonicalJson() + Value(shuffled[1]).CanonicalJson(),
            Value(plain.front()).CanonicalJson() + Value(plain[1]).CanonicalJson());
  EXPECT_EQ(CellsText(Parsed(Grid(parameters, "plasa: {order: shuffle}"))),
            CellsText(Parsed(Grid(parameters, "plasa: {order: shuffle}"))));
}

TEST(Grid, EachCellIsRunWithEverySeed) {
  const auto expansion =
      *Expand(Parsed(Grid("a: {values: [1, 2]}, c: {value: z}", "plasa: {seeds: [5, 9], trainer: t}")));
  ASSERT_EQ(expansion.trials.size(), 4u);
  EXPECT_EQ(Value(expansion.trials[1].cell).CanonicalJson(), R"({"a":1})");
  EXPECT_EQ(Value(expansion.trials[1].params).CanonicalJson(), R"({"a":1,"c":"z","seed":9})");
  EXPECT_EQ(expansion.trials[2].seed, 5);
}

TEST(Grid, AParameterSeedTakesThePlaceOfSeeds) {
  const SweepSpec spec = Parsed(Grid("a: {values: [1, 2]}, seed: {values: [4, 6]}", "plasa: {trainer: t}"));
  EXPECT_EQ(SeedsPerCell(spec), 1);
  EXPECT_THAT(spec.seeds, testing::ElementsAre(4, 6));
  const auto expansion = *Expand(spec);
  ASSERT_EQ(expansion.trials.size(), 4u);
  EXPECT_EQ(Value(expansion.cells[1]).CanonicalJson(), R"({"a":1,"seed":6})");
  EXPECT_EQ(Value(expansion.trials[1].cell).CanonicalJson(), R"({"a":1})");
  EXPECT_EQ(expansion.trials[1].seed, 6);
  EXPECT_THAT(Parsed(Grid("seed: {values: [4.0, 6e0]}")).seeds, testing::ElementsAre(4, 6));
  EXPECT_THAT(Refusal(Grid("seed: {values: [4, 6]}", "plasa: {seeds: 2}")), HasSubstr("given twice"));
  EXPECT_THAT(ExpandRefusal(Grid("seed: {values: [a]}", "plasa: {trainer: t}")), HasSubstr("parameters.seed"));
}

TEST(Grid, WhatTheTrainerWouldRefuseNamesKeyAndCell) {
  EXPECT_THAT(ExpandRefusal(Grid("seq_len: {values: [64, 1]}, schedule: {value: uniform_sparse}")),
              testing::AllOf(HasSubstr("parameters.seq_len"), HasSubstr("in the cell seq_len=1")));
  EXPECT_THAT(ExpandRefusal(Grid("n_heads: {values: [8, 7]}")), HasSubstr("do not divide"));
  EXPECT_THAT(
      ExpandRefusal(Grid("schedule: {value: explicit_ratios}, schedule_ratios: {values: [[1, 1, 1, 1, 1, 2]]}")),
      HasSubstr("(0, 1]"));
  EXPECT_THAT(ExpandRefusal(Grid("shedule: {value: x}")), HasSubstr("did you mean schedule?"));
  EXPECT_EQ(ExpandRefusal(Grid("shedule: {value: x}", "plasa: {trainer: other}")), "accepted");
}

TEST(Grid, WhatCannotRunYetSaysWhatToDo) {
  EXPECT_THAT(ExpandRefusal("method: bayes\nparameters: {lr: {min: 0.1, max: 0.2}}"), HasSubstr("needs a searcher"));
  EXPECT_THAT(ExpandRefusal("method: random\nparameters: {lr: {min: 0.1, max: 0.2}}"), HasSubstr("add run_cap"));
  EXPECT_EQ(CellsText(Parsed("method: bayes\nparameters: {lr: {min: 0.1, max: 0.2}}")), "");
}

}  // namespace
}  // namespace plasa
