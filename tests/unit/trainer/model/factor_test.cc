// Factors of precision bf16, in both of their types.
#include "trainer/kernels/factor.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "trainer/kernels/factor_rows.h"

namespace plasa::trainer {
namespace {

template <class F>
class Factors : public testing::Test {};
using Types = testing::Types<c10::BFloat16, RoundedFloat>;
TYPED_TEST_SUITE(Factors, Types);

// Numbers of all sizes, halfway cases and what is not finite.
at::Tensor Numbers(int64_t n) {
  const at::Tensor x = at::randn({n}).mul(at::randn({n}).mul(20).exp());
  float* p = x.data_ptr<float>();
  const float odd[] = {1.00390625F, 1.01171875F, -1.00390625F, 0.0F, -0.0F, std::numeric_limits<float>::infinity()};
  for (int64_t i = 0; i < std::min<int64_t>(n, std::size(odd)); ++i) p[i] = odd[i];
  return x;
}

TYPED_TEST(Factors, OfARowAreItsNumbersRounded) {
  for (const int64_t n : {1, 5, 16, 37, 300}) {
    const at::Tensor x = Numbers(n), out = at::empty({n}, kTensorType<TypeParam>);
    ScaleRow(1.0F, x.data_ptr<float>(), n, Entries<TypeParam>(out));
    EXPECT_TRUE(out.to(at::kFloat).equal(x.to(at::kBFloat16).to(at::kFloat))) << n;
    EXPECT_TRUE(ToFactors<TypeParam>(x).equal(out)) << n;
  }
}

TYPED_TEST(Factors, OfATransposeAreThoseOfTheMatrixTurned) {
  const at::Tensor x = at::randn({300, 70});
  EXPECT_TRUE(ToFactors<TypeParam>(x.t()).equal(ToFactors<TypeParam>(x).t()));
}

TYPED_TEST(Factors, KeepWhatIsNotANumber) {
  const at::Tensor x = at::empty({20}).fill_(std::numeric_limits<float>::quiet_NaN());
  const at::Tensor out = at::empty({20}, kTensorType<TypeParam>);
  ScaleRow(1.0F, x.data_ptr<float>(), 20, Entries<TypeParam>(out));
  EXPECT_TRUE(out.isnan().all().template item<bool>());
}

}  // namespace
}  // namespace plasa::trainer
