#include "analysis/estimate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plasa::analysis {
namespace {

TEST(Estimate, MeanAndDeviation) {
  EXPECT_DOUBLE_EQ(Mean({1, 2, 6}), 3);
  EXPECT_DOUBLE_EQ(SampleDeviation({1, 2, 6}), std::sqrt(7.0));
  EXPECT_TRUE(std::isnan(Mean({})));
  EXPECT_EQ(SampleDeviation({4}), 0);
}

TEST(BcaInterval, FewerThanThreeValuesHaveNone) {
  const Estimate estimate = BcaInterval({2, 3});
  EXPECT_EQ(estimate.n, 2u);
  EXPECT_FALSE(estimate.HasInterval());
  EXPECT_DOUBLE_EQ(estimate.lo, 2.5);
  EXPECT_DOUBLE_EQ(estimate.hi, 2.5);
}

// Values of the reference implementation.
TEST(BcaInterval, EqualsTheReference) {
  const Estimate estimate =
      BcaInterval({-0.031, -0.012, -0.044, 0.006, -0.027, -0.019, -0.008, -0.036}, {1000, 2000, 0.95});
  EXPECT_NEAR(estimate.mean, -0.021374999999999998, 1e-15);
  EXPECT_NEAR(estimate.lo, -0.030624999999999996, 1e-9);
  EXPECT_NEAR(estimate.hi, -0.009624999999999998, 1e-9);
}

TEST(BcaInterval, EqualValuesGiveAPoint) {
  const Estimate estimate = BcaInterval({0.5, 0.5, 0.5});
  EXPECT_EQ(estimate.lo, 0.5);
  EXPECT_EQ(estimate.hi, 0.5);
}

TEST(BcaInterval, IsTheSameEachTime) {
  const Estimate first = BcaInterval({1, 2, 4, 8});
  const Estimate second = BcaInterval({1, 2, 4, 8});
  EXPECT_EQ(first.lo, second.lo);
  EXPECT_EQ(first.hi, second.hi);
  EXPECT_LT(first.lo, first.mean);
  EXPECT_GT(first.hi, first.mean);
}

TEST(BcaInterval, NotANumberStaysOne) {
  const Estimate estimate = BcaInterval({1, 2, NAN});
  EXPECT_TRUE(std::isnan(estimate.mean));
  EXPECT_TRUE(std::isnan(estimate.hi));
}

}  // namespace
}  // namespace plasa::analysis
