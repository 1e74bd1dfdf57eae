// Picked rows against plain loops, in the widths that take whole groups of lanes and in those that do not.
#include "trainer/kernels/gathered_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace plasa::trainer {
namespace {

template <class T>
class GatheredRowsTest : public ::testing::Test {
 protected:
  static constexpr int64_t kRows = 90;

  // Numbers in [-1, 1].
  static std::vector<T> Numbers(int64_t n, int64_t seed) {
    std::vector<T> x(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) x[i] = static_cast<T>(std::sin(static_cast<double>(1 + i * 37 + seed * 1009)));
    return x;
  }
  // n ascending numbers of rows.
  static std::vector<int32_t> Keys(int64_t n) {
    std::vector<int32_t> keys(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) keys[i] = static_cast<int32_t>(2 * i + i % 2);
    return keys;
  }

  // Calls f(width, n) for shapes.
  template <class Use>
  static void ForShapes(Use f) {
    for (const int64_t width : {1, 6, 16, 20, 32, 48})
      for (const int64_t n : {1, 15, 16, 17, 40}) f(width, n);
  }

  static constexpr double kNear = 100 * static_cast<double>(std::numeric_limits<T>::epsilon());
};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(GatheredRowsTest, Types);

TYPED_TEST(GatheredRowsTest, DotsAreThoseOfTheKeysRows) {
  using T = TypeParam;
  this->ForShapes([&](int64_t width, int64_t n) {
    const auto q = this->Numbers(width, 1), rows = this->Numbers(this->kRows * width, 2);
    const auto keys = this->Keys(n);
    std::vector<T> z(static_cast<size_t>(n));
    GatheredDots(q.data(), rows.data(), width, keys.data(), n, z.data());
    for (int64_t i = 0; i < n; ++i) {
      double dot = 0;
      for (int64_t c = 0; c < width; ++c) dot += double{q[c]} * double{rows[keys[i] * width + c]};
      EXPECT_NEAR(double{z[i]}, dot, this->kNear) << width << ' ' << n << ' ' << i;
    }
  });
}

TYPED_TEST(GatheredRowsTest, SumsAreThoseOfTheKeysRows) {
  using T = TypeParam;
  this->ForShapes([&](int64_t width, int64_t n) {
    const auto p = this->Numbers(n, 3), rows = this->Numbers(this->kRows * width, 4);
    const auto keys = this->Keys(n);
    std::vector<T> out(static_cast<size_t>(width));
    GatheredSum(p.data(), rows.data(), width, keys.data(), n, out.data());
    for (int64_t c = 0; c < width; ++c) {
      double sum = 0;
      for (int64_t i = 0; i < n; ++i) sum += double{p[i]} * double{rows[keys[i] * width + c]};
      EXPECT_NEAR(double{out[c]}, sum, this->kNear) << width << ' ' << n << ' ' << c;
    }
  });
}

TYPED_TEST(GatheredRowsTest, OnlyTheKeysRowsAreAddedTo) {
  using T = TypeParam;
  this->ForShapes([&](int64_t width, int64_t n) {
    const auto p = this->Numbers(n, 5), x = this->Numbers(width, 6), before = this->Numbers(this->kRows * width, 7);
    const auto keys = this->Keys(n);
    std::vector<double> wanted(before.begin(), before.end());
    for (int64_t i = 0; i < n; ++i)
      for (int64_t c = 0; c < width; ++c) wanted[keys[i] * width + c] += double{p[i]} * double{x[c]};
    std::vector<T> rows = before;
    ScatteredAdd(p.data(), x.data(), width, keys.data(), n, rows.data());
    for (size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(double{rows[i]}, wanted[i], this->kNear) << width << ' ' << n;
  });
}

}  // namespace
}  // namespace plasa::trainer
