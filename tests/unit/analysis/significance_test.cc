#include "analysis/significance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "analysis/estimate.h"
#include "common/base/philox.h"

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

// As spec 14 has it, a difference and a draw at a time.
double DirectSampledP(const Numbers& d, uint64_t seed, uint32_t draws) {
  double seen = 0, sizes = 0;
  for (const double x : d) seen += x, sizes += std::abs(x);
  uint32_t hits = 0;
  for (uint32_t draw = 0; draw < draws; ++draw) {
    double sum = 0;
    for (size_t i = 0; i < d.size(); ++i)
      sum += Word(Stream{seed, Purpose::kFlip, draw, 0}, i) >> 31 == 1 ? -d[i] : d[i];
    hits += std::abs(sum) >= std::abs(seen) - 1e-12 * sizes ? 1 : 0;
  }
  return (hits + 1.0) / (draws + 1.0);
}

// More differences than a word has bits, then fewer with the same signs, then others: what is kept changes no answer.
TEST(Significance, SampledSignsOfAnyNumberAreThoseOfTheGenerator) {
  for (const auto& [n, seed] : {std::pair<size_t, uint64_t>{21, 0}, {70, 0}, {64, 0}, {65, 0}, {3, 0}, {22, 5}}) {
    Numbers d;
    for (size_t i = 0; i < n; ++i) d.push_back(static_cast<double>(i * 7919 % 101) / 50.0 - 0.9);
    EXPECT_EQ(SampledSignFlipP(d, seed, 3000), DirectSampledP(d, seed, 3000)) << n << " from " << seed;
  }
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
