#include "analysis/significance.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/estimate.h"

namespace plasa::analysis {
namespace {

using Numbers = std::vector<double>;

nlohmann::json Recorded() { return nlohmann::json::parse(std::ifstream("tests/golden/stats.json")); }

TEST(Significance, EqualsTheReference) {
  const auto recorded = Recorded();
  ASSERT_FALSE(recorded.at("samples").empty());
  const double near = recorded.at("tolerance");
  for (const auto& sample : recorded.at("samples")) {
    const auto d = sample.at("d").get<Numbers>();
    EXPECT_NEAR(SignFlipP(d), sample.at("two_sided").get<double>(), near) << sample;
    EXPECT_NEAR(SignFlipP(d, Side::kLess), sample.at("less").get<double>(), near) << sample;
    EXPECT_NEAR(SignFlipP(d, Side::kGreater), sample.at("greater").get<double>(), near) << sample;
    EXPECT_NEAR(EquivalenceP(d, 0.02), sample.at("tost_002").get<double>(), near) << sample;
    EXPECT_NEAR(NonInferiorityP(d, 0.02), sample.at("noninferior_002").get<double>(), near) << sample;
    if (sample.contains("mde")) {
      EXPECT_NEAR(MinimumDetectableEffect(d), sample.at("mde").get<double>(), near) << sample;
    }
    if (sample.contains("bca")) {
      const auto& bca = sample.at("bca");
      const Estimate estimate = BcaInterval(d, {bca.at("seed"), bca.at("B"), bca.at("level")});
      EXPECT_NEAR(estimate.lo, bca.at("lo").get<double>(), near) << sample;
      EXPECT_NEAR(estimate.hi, bca.at("hi").get<double>(), near) << sample;
    }
  }
}

TEST(Significance, SampledSignsEqualTheReference) {
  const auto sample = Recorded().at("monte_carlo");
  const double p = SampledSignFlipP(sample.at("d").get<Numbers>(), sample.at("seed"), sample.at("draws"));
  EXPECT_NEAR(p, sample.at("two_sided").get<double>(), 1e-12);
}

TEST(Significance, HolmEqualsTheReference) {
  const auto families = Recorded().at("holm");
  for (const auto& family : families) {
    const Numbers adjusted = HolmAdjusted(family.at("p").get<Numbers>()), expected = family.at("adjusted");
    ASSERT_EQ(adjusted.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12) << family;
  }
}

TEST(Significance, NothingMeasuredDecidesNothing) {
  EXPECT_EQ(SignFlipP({}), 1);
  EXPECT_TRUE(HolmAdjusted({}).empty());
  EXPECT_EQ(MinimumDetectableEffect({1}), 0);
}

}  // namespace
}  // namespace plasa::analysis
