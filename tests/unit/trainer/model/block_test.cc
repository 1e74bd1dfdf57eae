// Block selection: the rule, that it is blind to the future, and the audits with it.
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/attention/selection.h"
#include "trainer/attention/tile_blocks.h"
#include "trainer/audit/causality.h"
#include "trainer/audit/every_key.h"
#include "trainer/audit/kernels.h"
#include "trainer/model/decoder.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kBlock = 4, kLength = 50;

// Of few values, so that blocks tie.
at::Tensor Scores(uint32_t stream) {
  const at::Tensor x = at::empty({2, kLength, kLength}, at::kDouble);
  Draws draws({17, Purpose::kAudit, stream, 0});
  for (int64_t i = 0; i < x.numel(); ++i) x.data_ptr<double>()[i] = static_cast<double>(draws.NextBelow(20)) / 4 - 2;
  return x;
}

at::Tensor Selected(const at::Tensor& scores, int64_t k) {
  return SelectBlocks(scores, k, kBlock).logical_and(AllowedKeys(2, kLength, {}, at::kCPU));
}

// The rule as docs/science.md says it, one block after the other.
std::vector<bool> ChosenBlocks(const double* scores, int64_t own, int64_t k) {
  std::vector<bool> chosen(own + 1, false);
  chosen[0] = chosen[own] = true;
  const auto best = [&](int64_t i) { return *std::max_element(scores + i * kBlock, scores + (i + 1) * kBlock); };
  for (int64_t left = BlockBudget(k, kBlock) - 2; left > 0; --left) {
    int64_t next = -1;
    for (int64_t i = 0; i < own; ++i) {
      if (!chosen[i] && (next < 0 || best(i) > best(next))) next = i;
    }
    if (next >= 0) chosen[next] = true;
  }
  return chosen;
}

TEST(Blocks, AreTheFirstTheQuerysOwnAndTheBestOfItsFirstQuery) {
  for (const int64_t k : {1, 8, 9, 20, 49}) {
    const at::Tensor scores = Scores(static_cast<uint32_t>(k)), set = Selected(scores, k);
    for (int64_t b = 0; b < 2; ++b) {
      for (int64_t t = 0; t < kLength; ++t) {
        const int64_t own = t / kBlock;
        const auto chosen = ChosenBlocks(scores.data_ptr<double>() + (b * kLength + own * kBlock) * kLength, own, k);
        int64_t count = 0;
        for (int64_t s = 0; s < kLength; ++s) {
          const bool in = set[b][t][s].item<bool>();
          EXPECT_EQ(in, s <= t && chosen[s / kBlock]) << k << " " << t << " " << s;
          count += in ? 1 : 0;
        }
        EXPECT_EQ(count, BlockKeys(k, kBlock, t));
      }
    }
  }
}

TEST(Blocks, OfKernelsAreThoseOfTheRule) {
  for (const int64_t k : {1, 8, 9, 20, 49}) {
    const at::Tensor scores = Scores(static_cast<uint32_t>(k)), set = Selected(scores, k);
    const at::Tensor bits = EmptySets(2, kLength);
    const SetRows rows(bits);
    TileBlocks blocks(k, kBlock);
    ForBlocks(1, 0, kLength, kBlock, [&](const Tile& tile) {
      blocks.Choose(tile, scores.data_ptr<double>() + (kLength + tile.t0) * kLength);
      const auto chosen = blocks.blocks();
      blocks.Write(tile, rows);
      blocks.Read(tile, rows);
      EXPECT_EQ(blocks.blocks(), chosen);
      for (int64_t t = tile.t0; t < tile.keys; ++t) {
        for (int64_t s = 0; s <= t; ++s)
          EXPECT_EQ(HasKey(rows.Row(1, t), s), set[1][t][s].item<bool>()) << t << " " << s;
      }
    });
  }
}

// What a query attends to may depend on nothing behind it: neither on scores of later queries, of its own block or
// another, nor on those of later keys.
TEST(Blocks, LaterTokensHaveNoSay) {
  const at::Tensor scores = Scores(1), set = Selected(scores, 20);
  for (int64_t t = 0; t < kLength - 1; ++t) {
    at::Tensor changed = scores.clone();
    changed.narrow(1, t + 1, kLength - t - 1).copy_(Scores(2).narrow(1, t + 1, kLength - t - 1));
    changed.narrow(2, t + 1, kLength - t - 1).fill_(99);
    EXPECT_TRUE(Selected(changed, 20).narrow(1, 0, t + 1).equal(set.narrow(1, 0, t + 1))) << t;
  }
}

TEST(Blocks, AScoreThatIsNoNumberEndsTheRun) {
  const at::Tensor scores = Scores(1);
  scores[0][48][6] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)Selected(scores, 20), std::runtime_error);
  TileBlocks blocks(20, kBlock);
  EXPECT_THROW(blocks.Choose(Tile(0, 48, kLength), scores.data_ptr<double>() + 48 * kLength), std::runtime_error);
}

TEST(Blocks, PassTheAudits) {
  const Config config = *ResolveConfig(Value::Object{{"preset", "demo"}, {"selector", "block"}, {"select_block", 32}});
  std::vector<AuditResult> results = EveryKeyAudit(config);
  for (const auto& audit : {CausalityAudit, FutureGradientAudit, SelectedKeysAudit}) results.push_back(audit(config));
  for (const AuditResult& more : KernelsAudit(config)) results.push_back(more);
  for (const AuditResult& a : results) EXPECT_TRUE(a.passed) << a.number << " " << a.name << " " << a.figure;
}

TEST(Blocks, AreNotDecoded) {
  const Config config = *ResolveConfig(Value::Object{{"selector", "block"}, {"select_block", 32}});
  const Outcome refusal = Decoder::SupportError(config);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->where, "selector");
}

}  // namespace
}  // namespace plasa::trainer
