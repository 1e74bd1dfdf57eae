// Sixteen lanes against the same arithmetic on one number.
#include "trainer/kernels/lanes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plasa::trainer {
namespace {

template <class T>
class LanesTest : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(LanesTest, Types);

TYPED_TEST(LanesTest, SumsAndLargestOfAll) {
  using T = TypeParam;
  T x[kLanes];
  for (int64_t i = 0; i < kLanes; ++i) x[i] = static_cast<T>((i * 7) % 16) - T(3);
  EXPECT_EQ(SumOf(Load(x)), T(120 - 48));
  EXPECT_EQ(LargestOf(Load(x)), T(12));
}

TYPED_TEST(LanesTest, MasksFollowTheBitsOfTheWord) {
  using T = TypeParam;
  const uint16_t word = 0b1010000000000101;
  T out[kLanes];
  Store(out, Select(MaskOf<T>(word), Splat(T(1)), Splat(T(-1))));
  for (int64_t i = 0; i < kLanes; ++i) EXPECT_EQ(out[i], (word >> i) % 2 == 1 ? T(1) : T(-1)) << i;
}

TYPED_TEST(LanesTest, RoomBehindARowIsFilledAndNothingElse) {
  using T = TypeParam;
  for (int64_t n = 1; n <= 2 * kLanes; ++n) {
    T row[2 * kLanes];
    for (T& x : row) x = T(5);
    FillRoom(row, n, T(-2));
    for (int64_t i = 0; i < RoomOf(n); ++i) EXPECT_EQ(row[i], i < n ? T(5) : T(-2)) << n << ' ' << i;
  }
}

TYPED_TEST(LanesTest, PartsOfARowAreLoadedAndStored) {
  using T = TypeParam;
  T row[2 * kLanes] = {}, out[2 * kLanes];
  for (int64_t i = 0; i < 2 * kLanes; ++i) row[i] = static_cast<T>(i + 1), out[i] = T(-1);
  const int64_t n = kLanes + 3;
  ForParts<T>(n, [&](int64_t i, auto load, auto store) { store(out + i, load(row + i) * T(2)); });
  for (int64_t i = 0; i < 2 * kLanes; ++i) EXPECT_EQ(out[i], i < n ? T(2) * row[i] : T(-1)) << i;
}

TYPED_TEST(LanesTest, ComparisonsOfNanAreFalse) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  EXPECT_EQ(SumOf(Select(Less(Splat(nan), Splat(T(1))), Splat(T(1)), Splat(T(0)))), T(0));
  EXPECT_EQ(SumOf(Select(IsNan(Splat(nan)), Splat(T(1)), Splat(T(0)))), T(kLanes));
  EXPECT_EQ(SumOf(Select(Negative(Splat(T(-0.0))), Splat(T(1)), Splat(T(0)))), T(0));
}

TYPED_TEST(LanesTest, ExponentialAndLogarithmAreCloseAndKeepNan) {
  using T = TypeParam;
  for (const double x : {0.0, -1e-6, -0.3, -0.6931, -5.0, -40.0, -86.5}) {
    const T in = static_cast<T>(x);
    const double e = std::exp(static_cast<double>(in));
    EXPECT_NEAR(static_cast<double>(SumOf(ExpLanes(Splat(in)))) / kLanes, e, 3e-7 * e) << x;
  }
  for (const double x : {1e-30, 0.01, 0.7, 1.5, 3.0, 1e20}) {
    const T in = static_cast<T>(x);
    const double l = std::log(static_cast<double>(in));
    EXPECT_NEAR(static_cast<double>(SumOf(LogLanes(Splat(in)))) / kLanes, l, 3e-7 * std::fabs(l)) << x;
  }
  EXPECT_TRUE(std::isnan(SumOf(ExpLanes(Splat(std::numeric_limits<T>::quiet_NaN())))));
  EXPECT_NEAR(static_cast<double>(SumOf(SigmoidLanes(Splat(T(-2))))) / kLanes, 1 / (1 + std::exp(2.0)), 1e-7);
}

TEST(Lanes, ExponentialBelowTheRangeOfFloatIsZero) {
  EXPECT_EQ(SumOf(ExpLanes(Splat(-1000.0f))), 0);
  EXPECT_EQ(SumOf(ExpLanes(Splat(std::numeric_limits<float>::lowest()))), 0);
}

}  // namespace
}  // namespace plasa::trainer
