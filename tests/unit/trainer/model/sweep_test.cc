// What the sweep over tiles promises beyond its values: nothing depends on threads, and a NaN does not pass.
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <limits>

#include "common/base/philox.h"
#include "trainer/attention/fused_attention.h"
#include "trainer/attention/index_tiles.h"
#include "trainer/kernels/key_bits.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kLength = 300, kHeads = 2, kWidth = 8, kIndexHeads = 2, kIndexWidth = 6;

// Numbers in [-1, 1), a leaf of the graph.
at::Tensor Leaf(at::IntArrayRef shape, uint32_t stream) {
  at::Tensor x = at::empty(shape, at::kFloat);
  Draws draws({3, Purpose::kAudit, stream, 0});
  for (int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<float>()[i] = static_cast<float>(draws.NextBelow(2000)) / 1000.0f - 1.0f;
  return x.set_requires_grad(true);
}

struct Inputs {
  at::Tensor qkv = Leaf({1, kLength, 3 * kHeads* kWidth}, 0);
  IndexRows rows{Leaf({1, kLength, kIndexHeads* kIndexWidth}, 1), Leaf({1, kLength, kIndexWidth}, 2),
                 Leaf({1, kLength, kIndexHeads}, 3)};

  int64_t block = 0;

  [[nodiscard]] FusedAttentionResult Run() const {
    FusedAttentionOptions options;
    options.heads = options.kv_heads = kHeads;
    options.rotary = InterleavedTable(kLength, kWidth, 1e4, at::kFloat);
    options.index = FusedIndexHeads(rows, {});
    options.dropout = {0.1, {1, Purpose::kDropAttention, 0, 0}};
    options.k = 40;
    options.block = block;
    options.learns = true;
    return FusedAttention(qkv, rows, options);
  }

  // Output, loss and all gradients, one after the other.
  [[nodiscard]] std::vector<at::Tensor> Results() const {
    const FusedAttentionResult result = Run();
    std::vector<at::Tensor> all =
        torch::autograd::grad({result.output.sum() + result.kl}, {qkv, rows.q, rows.k, rows.w});
    all.push_back(result.output.detach());
    all.push_back(result.kl.detach());
    return all;
  }
};

void ExpectEqualOnThreads(const Inputs& inputs) {
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const auto one = inputs.Results();
  at::set_num_threads(3);
  const auto three = inputs.Results();
  at::set_num_threads(before);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(one[i].equal(three[i])) << i;
}

TEST(Sweep, NothingDependsOnThreads) {
  Inputs inputs;
  ExpectEqualOnThreads(inputs);
  inputs.block = 16;
  ExpectEqualOnThreads(inputs);
}

TEST(Sweep, AScoreThatIsNoNumberEndsIt) {
  const Inputs inputs;
  inputs.rows.w.data_ptr<float>()[kLength] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)inputs.Run(), std::runtime_error);
}

TEST(KeyBits, KeepEveryKeyAndNoOther) {
  Draws draws({4, Purpose::kAudit, 0, 0});
  for (const int64_t n : {1, 15, 16, 17, 100}) {
    std::vector<uint8_t> a(n), b(n);
    for (int64_t s = 0; s < n; ++s) {
      a[s] = static_cast<uint8_t>(draws.NextBelow(2));
      b[s] = static_cast<uint8_t>(draws.NextBelow(2));
    }
    std::vector<KeyWord> x(WordsOf(n), 0xffff), y(WordsOf(n), 0xffff);
    PackKeys(a.data(), n, x.data());
    PackKeys(b.data(), n, y.data());
    int64_t shared = 0;
    for (int64_t s = 0; s < n; ++s) {
      EXPECT_EQ(HasKey(x.data(), s), a[s] != 0) << n << " " << s;
      shared += a[s] & b[s];
    }
    EXPECT_EQ(CountKeys(x.data(), WordsOf(n)), std::count(a.begin(), a.end(), 1)) << n;
    EXPECT_EQ(CountSharedKeys(x.data(), y.data(), WordsOf(n)), shared) << n;
  }
}

}  // namespace
}  // namespace plasa::trainer
