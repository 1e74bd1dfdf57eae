#include "trainer/kernels/kept_memory.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

constexpr int64_t kLargeRows = 1 << 14;

TEST(KeptEmpty, GivesTheMemoryOfALargeTensorThatWentToTheNextOfItsSize) {
  const auto place = [](int64_t rows) { return KeptEmpty({rows, 256}, at::kFloat).data_ptr(); };
  void* const first = place(kLargeRows);
  EXPECT_NE(place(2 * kLargeRows), first);
  EXPECT_EQ(place(kLargeRows), first);
}

TEST(KeptEmpty, NeverSharesMemory) {
  const at::Tensor a = KeptEmpty({kLargeRows, 256}, at::kFloat), b = KeptEmpty({kLargeRows, 256}, at::kFloat);
  a.fill_(1);
  b.fill_(2);
  EXPECT_EQ(a.min().item<float>(), 1);
  EXPECT_EQ(a.max().item<float>(), 1);
}

TEST(KeptEmpty, HasTheSizesAndTheTypeAskedFor) {
  for (const int64_t rows : {int64_t{0}, int64_t{3}, kLargeRows}) {
    const at::Tensor x = KeptEmpty({rows, 256}, at::kBFloat16);
    EXPECT_EQ(x.sizes(), at::IntArrayRef({rows, 256}));
    EXPECT_EQ(x.scalar_type(), at::kBFloat16);
    EXPECT_TRUE(x.is_contiguous());
  }
}

}  // namespace
}  // namespace plasa::trainer
