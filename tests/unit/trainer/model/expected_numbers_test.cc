// Losses before the first step, as the specification's section 13.3 expects them.
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <cmath>

#include "common/base/philox.h"
#include "trainer/model/model.h"

namespace plasa::trainer {
namespace {

double InitialLoss(Value::Object keys) {
  keys["vocab_size"] = 49152;
  keys["seq_len"] = 64;
  keys["batch_size"] = 4;
  const Config c = *ResolveConfig(Value(std::move(keys)));
  const at::Tensor tokens = at::empty({c.batch_size, c.seq_len + 1}, at::kLong);
  Draws draws({1, Purpose::kAudit, 0, 0});
  for (int64_t i = 0; i < tokens.numel(); ++i)
    tokens.data_ptr<int64_t>()[i] = static_cast<int64_t>(draws.NextBelow(49152));
  const at::Tensor inputs = tokens.narrow(1, 0, c.seq_len).contiguous();
  const bool shifted = c.target_rule == TargetRule::kShifted;
  const Batch batch{inputs, shifted ? inputs : tokens.narrow(1, 1, c.seq_len).contiguous(), {}};
  return Model(c, at::kFloat, at::kCPU).Run(batch, {}).ce.item<double>();
}

TEST(InitialLoss, OfAStrictRunIsThatOfGuessing) {
  EXPECT_NEAR(InitialLoss({{"preset", "exp3"}}), std::log(49152.0) + 0.05, 0.1);
}

TEST(InitialLoss, OfTheHistoricalRunsIsAsPublished) {
  EXPECT_NEAR(InitialLoss({{"preset", "reference"}}), 247, 15);
  EXPECT_NEAR(InitialLoss({{"preset", "reference-benchmark"}}), 10.9, 0.15);
}

}  // namespace
}  // namespace plasa::trainer
