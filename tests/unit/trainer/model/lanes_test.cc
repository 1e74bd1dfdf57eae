// Sixteen lanes against the same arithmetic on one number.
#include "trainer/kernels/lanes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plasa::trainer {
namespace {

// Lanes of T in registers of kBytes.
template <class T, int64_t kBytes>
struct In {
  using Type = T;
  static constexpr int64_t kRegister = kBytes;
};

template <class T>
class LanesTest : public ::testing::Test {};
using Types = ::testing::Types<In<float, 32>, In<float, 64>, In<double, 32>, In<double, 64>>;
TYPED_TEST_SUITE(LanesTest, Types);

TYPED_TEST(LanesTest, SumsAndLargestOfAll) {
  using T = typename TypeParam::Type;
  constexpr int64_t R = TypeParam::kRegister;
  T x[kLanes];
  for (int64_t i = 0; i < kLanes; ++i) x[i] = static_cast<T>((i * 7) % 16) - T(3);
  EXPECT_EQ(SumOf(Load<R>(x)), T(120 - 48));
  EXPECT_EQ(LargestOf(Load<R>(x)), T(12));
}

TYPED_TEST(LanesTest, MasksFollowTheBitsOfTheWord) {
  using T = typename TypeParam::Type;
  constexpr int64_t R = TypeParam::kRegister;
  const uint16_t word = 0b1010000000000101;
  T out[kLanes];
  Store(out, Select(MaskOf<T, R>(word), Splat<R>(T(1)), Splat<R>(T(-1))));
  for (int64_t i = 0; i < kLanes; ++i) EXPECT_EQ(out[i], (word >> i) % 2 == 1 ? T(1) : T(-1)) << i;
}

TYPED_TEST(LanesTest, RoomBehindARowIsFilledAndNothingElse) {
  using T = typename TypeParam::Type;
  constexpr int64_t R = TypeParam::kRegister;
  for (int64_t n = 1; n <= 2 * kLanes; ++n) {
    T row[2 * kLanes];
    for (T& x : row) x = T(5);
    FillRoom<R>(row, n, T(-2));
    for (int64_t i = 0; i < RoomOf(n); ++i) EXPECT_EQ(row[i], i < n ? T(5) : T(-2)) << n << ' ' << i;
  }
}

TYPED_TEST(LanesTest, PartsOfARowAreLoadedAndStored) {
  using T = typename TypeParam::Type;
  constexpr int64_t R = TypeParam::kRegister;
  T row[2 * kLanes] = {}, out[2 * kLanes];
  for (int64_t i = 0; i < 2 * kLanes; ++i) row[i] = static_cast<T>(i + 1), out[i] = T(-1);
  const int64_t n = kLanes + 3;
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) { store(out + i, load(row + i) * T(2)); });
  for (int64_t i = 0; i < 2 * kLanes; ++i) EXPECT_EQ(out[i], i < n ? T(2) * row[i] : T(-1)) << i;
}

TYPED_TEST(LanesTest, ComparisonsOfNanAreFalse) {
  using T = typename TypeParam::Type;
  constexpr int64_t R = TypeParam::kRegister;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  EXPECT_EQ(SumOf(Select(Less(Splat<R>(nan), Splat<R>(T(1))), Splat<R>(T(1)), Splat<R>(T(0)))), T(0));
  EXPECT_EQ(SumOf(Select(IsNan(Splat<R>(nan)), Splat<R>(T(1)), Splat<R>(T(0)))), T(kLanes));
  EXPECT_EQ(SumOf(Select(Negative(Splat<R>(T(-0.0))), Splat<R>(T(1)), Splat<R>(T(0)))), T(0));
}

TYPED_TEST(LanesTest, ExponentialAndLogarithmAreCloseAndKeepNan) {
  using T = typename TypeParam::Type;
  constexpr int64_t R = TypeParam::kRegister;
  for (const double x : {0.0, -1e-6, -0.3, -0.6931, -5.0, -40.0, -86.5}) {
    const T in = static_cast<T>(x);
    const double e = std::exp(static_cast<double>(in));
    EXPECT_NEAR(static_cast<double>(SumOf(ExpLanes(Splat<R>(in)))) / kLanes, e, 3e-7 * e) << x;
  }
  for (const double x : {1e-30, 0.01, 0.7, 1.5, 3.0, 1e20}) {
    const T in = static_cast<T>(x);
    const double l = std::log(static_cast<double>(in));
    EXPECT_NEAR(static_cast<double>(SumOf(LogLanes(Splat<R>(in)))) / kLanes, l, 3e-7 * std::fabs(l)) << x;
  }
  EXPECT_TRUE(std::isnan(SumOf(ExpLanes(Splat<R>(std::numeric_limits<T>::quiet_NaN())))));
  EXPECT_NEAR(static_cast<double>(SumOf(SigmoidLanes(Splat<R>(T(-2))))) / kLanes, 1 / (1 + std::exp(2.0)), 1e-7);
}

TEST(Lanes, ExponentialBelowTheRangeOfFloatIsZero) {
  EXPECT_EQ(SumOf(ExpLanes(Splat<64>(-1000.0f))), 0);
  EXPECT_EQ(SumOf(ExpLanes(Splat<32>(std::numeric_limits<float>::lowest()))), 0);
}

// Sum over a row of something that uses most of what rows are made of.
template <int64_t R>
PLASA_INLINE float Mixed(const float* x, int64_t n) {
  Lanes<float, R> sum{};
  ForParts<R, float>(n, [&](int64_t i, auto load, auto) PLASA_LAMBDA {
    const Lanes<float, R> e = ExpLanes(-load(x + i) * load(x + i));
    sum += Select(MaskOf<float, R>(static_cast<uint16_t>(0x5a3c + i)), e, LogLanes(e + 1.0f) * SigmoidLanes(e));
  });
  return SumOf(sum) + LargestOf(sum);
}

TEST(Lanes, RegistersOfAnyWidthGiveTheSameBits) {
  float x[7 * kLanes];
  for (int64_t n = 1; n <= 7 * kLanes; ++n) {
    for (int64_t i = 0; i < n; ++i) x[i] = std::sin(static_cast<float>(i * n)) * 3;
    EXPECT_EQ(Mixed<32>(x, n), Mixed<64>(x, n)) << n;
#ifdef PLASA_HAS_TARGETS
    if (__builtin_cpu_supports("x86-64-v4") == 0) continue;
    const auto row = [&](auto r) PLASA_LAMBDA { return Mixed<r>(x, n); };
    EXPECT_EQ(OnV3(row), OnV4(row)) << n;
    EXPECT_EQ(ForThisCpu(row), OnV4(row)) << n;
#endif
  }
}

}  // namespace
}  // namespace plasa::trainer
