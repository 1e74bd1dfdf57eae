#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// The space of one parameter `x` of a random search.
std::string Space(const std::string& parameter) {
  const auto spec = ParseSweep(Random("x: " + parameter), "f.yaml");
  if (!spec.ok()) return spec.error().Text();
  return spec->space.As<Value::Object>().at("x").CanonicalJson();
}

TEST(Parameters, KindFollowsFromTheFields) {
  EXPECT_EQ(Space("{value: 5}"), R"({"kind":"single_value","value":5})");
  EXPECT_EQ(Space("{value: null}"), R"({"kind":"single_value","value":null})");
  EXPECT_EQ(Space("{values: [1, a]}"), R"({"kind":"categorical","values":[1,"a"]})");
  EXPECT_EQ(Space("{min: 1, max: 8}"), R"({"kind":"int_uniform","max":8,"min":1})");
  EXPECT_EQ(Space("{min: 1.0, max: 8}"), R"({"kind":"uniform","max":8,"min":1})");
  EXPECT_EQ(Space("{values: [a, b], probabilities: [0.25, 0.75]}"),
            R"({"kind":"categorical_w_probabilities","probabilities":[0.25,0.75],"values":["a","b"]})");
}

TEST(Parameters, DistributionsOfWandbWithTheirDefaults) {
  EXPECT_EQ(Space("{distribution: constant, value: 1}"), R"({"kind":"single_value","value":1})");
  EXPECT_EQ(Space("{distribution: normal}"), R"({"kind":"normal","mu":0,"sigma":1})");
  EXPECT_EQ(Space("{distribution: q_log_normal, sigma: 2}"), R"({"kind":"qlognormal","mu":0,"q":1,"sigma":2})");
  EXPECT_EQ(Space("{distribution: q_uniform, min: 0, max: 1, q: 0.5}"),
            R"({"kind":"quniform","max":1,"min":0,"q":0.5})");
  EXPECT_EQ(Space("{distribution: log_uniform, min: -9, max: 0}"), R"({"kind":"loguniform","max":0,"min":-9})");
  EXPECT_EQ(Space("{distribution: inv_log_uniform_values, min: 1e-3, max: 1}"),
            R"({"kind":"inv_loguniform_v2","max":1,"min":0.001})");
  EXPECT_EQ(Space("{distribution: q_beta, a: 2}"), R"({"a":2,"b":1,"kind":"qbeta","q":1})");
}

TEST(Parameters, RefusalsNameTheParameter) {
  EXPECT_THAT(Space("{value: 1, values: [1]}"), HasSubstr("x has both value and values"));
  EXPECT_THAT(Space("{values: []}"), HasSubstr("x.values is empty"));
  EXPECT_THAT(Space("{values: 3}"), HasSubstr("x.values must be a list"));
  EXPECT_THAT(Space("{min: 1}"), HasSubstr("x says neither"));
  EXPECT_THAT(Space("{min: 3, max: 1}"), HasSubstr("x: min 3 is above max 1"));
  EXPECT_THAT(Space("{min: a, max: 1}"), HasSubstr("x.min must be a finite number"));
  EXPECT_THAT(Space("{min: 0.0, max: .inf}"), HasSubstr("x.max must be a finite number"));
  EXPECT_THAT(Space("{distribution: int_uniform, min: 0.5, max: 1}"), HasSubstr("x.min must be a whole number"));
  EXPECT_THAT(Space("{distribution: uniforme, min: 0, max: 1}"), HasSubstr("did you mean uniform?"));
  EXPECT_THAT(Space("{distribution: uniform, min: 0, max: 1, q: 2}"), HasSubstr("unknown key q in x"));
  EXPECT_THAT(Space("{distribution: log_uniform_values, min: 0, max: 1}"), HasSubstr("x.min must be above 0"));
  EXPECT_THAT(Space("{distribution: log_uniform, min: 0, max: 1000}"), HasSubstr("log_uniform_values"));
  EXPECT_THAT(Space("{distribution: normal, sigma: -1}"), HasSubstr("x.sigma"));
  EXPECT_THAT(Space("{distribution: beta, a: 0}"), HasSubstr("x.a must be above 0"));
  EXPECT_THAT(Space("{mu: 1, sigma: 2}"), HasSubstr("distribution: normal"));
  EXPECT_THAT(Space("{values: [a, b], probabilities: [0.5]}"), HasSubstr("2 values but 1 probabilities"));
  EXPECT_THAT(Space("{values: [a, b], probabilities: [0.5, 0.6]}"), HasSubstr("add up to 1.1"));
}

TEST(Parameters, BareValuesSayHowTheyAreWritten) {
  EXPECT_THAT(Space("0.1"), HasSubstr("write x: {value: 0.1}"));
  EXPECT_THAT(Space("[1, 2]"), HasSubstr("write x: {values: [...]}"));
  EXPECT_THAT(Space(""), HasSubstr("x is empty"));
}

TEST(Parameters, NestedOnesAreJoinedByDots) {
  const SweepSpec spec = Parsed(
      "method: grid\nparameters:\n  opt:\n    parameters:\n      lr: {value: 1}\n      adam: {parameters: {b: {value: "
      "2}}}\n");
  EXPECT_EQ(CellsText(spec), R"({"opt.adam.b":2,"opt.lr":1})");
  EXPECT_THAT(Refusal(Grid("a: {parameters: {b: {value: 1}}, values: [1]}")),
              HasSubstr("unknown key values in parameter a"));
  EXPECT_THAT(Refusal(Grid("a: {parameters: {b: {valu: 1}}}")), AllOf(StartsWith("f.yaml:2:"), HasSubstr("in a.b")));
}

TEST(Parameters, NamesAreWords) {
  EXPECT_EQ(Refusal(Grid("learning-rate: {value: 1}, _x.y2: {value: 1}")), "accepted");
  EXPECT_THAT(Refusal(Grid("2x: {value: 1}")), HasSubstr("no usable name"));
  EXPECT_THAT(Refusal(Grid("\"a b\": {value: 1}")), HasSubstr("no usable name"));
  EXPECT_THAT(Refusal(Grid("\"\": {value: 1}")), HasSubstr("no usable name"));
}

TEST(Parameters, AGridHoldsOnlyWhatCanBeCounted) {
  EXPECT_THAT(Refusal(Grid("x: {values: [a, b], probabilities: [0.5, 0.5]}")),
              HasSubstr("x: probabilities mean nothing in a grid"));
  EXPECT_THAT(Refusal(Grid("x: {min: 0.0, max: 1}")), HasSubstr("x: a grid cannot enumerate uniform"));
  EXPECT_EQ(Refusal(Grid("x: {distribution: q_uniform, min: 0, max: 1, q: 0.5}, y: {min: 1, max: 3}")), "accepted");
}

}  // namespace
}  // namespace plasa
