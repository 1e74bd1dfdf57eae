#include "common/experiment/cell_place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/experiment/contrast_sets.h"

namespace plasa {
namespace {

using testing::ElementsAre;

const Value::Object kCell = {
    {"preset", "exp3"}, {"schedule", "progressive_sparse"}, {"seq_len", 64}, {"seed", 7}, {"lr", 0.01}};

Value::Object With(const std::string& key, const Value& value) {
  Value::Object cell = kCell;
  cell[key] = value;
  return cell;
}

TEST(PlaceOf, ScheduleLengthAndSeedAreNoPartOfTheBase) {
  const CellPlace place = PlaceOf(kCell);
  EXPECT_THAT(place.keys, ElementsAre(64, 64, 16, 16, 32, 32));
  EXPECT_EQ(place.seq_len, 64);
  for (const auto& other : {With("schedule", "uniform_sparse"), With("seq_len", 1024), With("seed", 8),
                            With("schedule_match", "aggressive_middle"), With("preset", "exp3")})
    EXPECT_EQ(PlaceOf(other).base, place.base) << Value(other).CanonicalJson();
  for (const auto& other : {With("lr", 0.02), With("threads", 2), With("ref_leak", true), With("preset", "demo")})
    EXPECT_NE(PlaceOf(other).base, place.base) << Value(other).CanonicalJson();
}

// With equal_tokens the batch follows from the length; a given one is a choice of its own.
TEST(PlaceOf, ABatchThatIsDerivedIsNoPartOfTheBase) {
  EXPECT_NE(PlaceOf(With("batch_size", 4)).base, PlaceOf(With("batch_size", 8)).base);
  EXPECT_NE(PlaceOf(With("batch_size", 32)).base, PlaceOf(kCell).base);
}

TEST(PlaceOf, ParametersOfAnotherTrainerAreTakenAsTheyAre) {
  const CellPlace place = PlaceOf({{"x", 1}, {"seq_len", 9}, {"seed", 3}});
  EXPECT_EQ(place.base, R"({"x":1})");
  EXPECT_TRUE(place.keys.empty());
}

TEST(WithSchedule, ReadsALabel) {
  EXPECT_EQ(Value(WithSchedule({{"schedule_k", 3}, {"lr", 1}}, "aggressive_middle, schedule_perm=MEL")).CanonicalJson(),
            R"({"lr":1,"schedule":"aggressive_middle","schedule_perm":"MEL"})");
  EXPECT_THAT(PlaceOf(WithSchedule(kCell, "aggressive_middle, schedule_perm=MEL")).keys,
              ElementsAre(16, 16, 32, 32, 32, 32));
}

TEST(ControlsOf, AreLabelsOfTheSchedule) {
  EXPECT_THAT(ControlsOf("exp3", "aggressive_middle"),
              ElementsAre("matched_uniform, schedule_match=aggressive_middle", "aggressive_middle, schedule_perm=ELM",
                          "aggressive_middle, schedule_perm=MEL"));
  EXPECT_THAT(ControlsOf("", "dense_to_sparse"), ElementsAre("matched_uniform, schedule_match=dense_to_sparse"));
  EXPECT_TRUE(ControlsOf("exp1", "uniform_sparse").empty());
  EXPECT_TRUE(ControlsOf("exp3", "explicit_k").empty());
}

}  // namespace
}  // namespace plasa
