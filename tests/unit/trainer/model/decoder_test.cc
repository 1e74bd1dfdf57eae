// Decoding token by token against one forward pass over the window (spec 5.4).
#include "trainer/model/decoder.h"

#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/metrics.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kLength = 24;

Config ConfigOf(Value::Object keys) {
  Value::Object all{{"vocab_size", 40},   {"seq_len", kLength}, {"batch_size", 2}, {"n_layers", 3},
                    {"n_heads", 4},       {"d_model", 32},      {"d_ff", 16},      {"moe_d_ff", 16},
                    {"indexer_heads", 2}, {"indexer_dim", 8},   {"init_std", 0.3}};
  for (auto& [key, value] : keys) all[key] = value;
  return *ResolveConfig(Value(std::move(all)));
}

at::Tensor RandomTokens(const Config& c) {
  const at::Tensor tokens = at::empty({c.batch_size, kLength}, at::kLong);
  Draws draws({3, Purpose::kAudit, 0, 0});
  for (int64_t i = 0; i < tokens.numel(); ++i)
    tokens.data_ptr<int64_t>()[i] = static_cast<int64_t>(draws.NextBelow(40));
  return tokens;
}

// Two documents a row.
at::Tensor Documents(const at::Tensor& tokens) {
  const at::Tensor docs = tokens.new_zeros(tokens.sizes());
  docs.narrow(1, kLength / 3, kLength - kLength / 3).fill_(1);
  return docs;
}

// Index scores that are mostly 0.
void MakeTies(const Model& model) {
  for (const Parameter& p : model.parameters()) {
    if (p.name.ends_with("indexer.w_proj.weight")) p.value.detach().select(0, 0).zero_();
    if (p.name.ends_with("indexer.k_proj.weight")) p.value.detach().narrow(0, 0, 4).zero_();
  }
}

// Largest difference of a logit, and differing entries of the sets, when `chunk` tokens are appended at a time.
struct Distance {
  double logits = 0;
  int64_t sets = 0;
};

Distance DecodedDistance(const Model& model, int64_t chunk = 1) {
  const at::Tensor tokens = RandomTokens(model.config()), docs = Documents(tokens);
  const Forward whole = model.Run({tokens, tokens, docs}, {.keep_layers = true});
  Decoder decoder(model);
  Distance distance;
  for (int64_t t = 0; t < kLength; t += chunk) {
    const Forward part = decoder.Append(tokens.narrow(1, t, chunk), docs.narrow(1, t, chunk), true);
    const double difference = (part.logits - whole.logits.narrow(1, t, chunk)).abs().max().item<double>();
    distance.logits = difference > distance.logits || std::isnan(difference) ? difference : distance.logits;
    for (size_t l = 0; l < part.layers.size(); ++l) {
      const at::Tensor rows = whole.layers[l].set.narrow(1, t, chunk).narrow(2, 0, t + chunk);
      distance.sets += rows.ne(part.layers[l].set).sum().item<int64_t>();
    }
  }
  EXPECT_EQ(decoder.position(), kLength);
  return distance;
}

void ExpectEqual(const Config& c, const std::string& what) {
  const Distance wide = DecodedDistance(Model(c, at::kDouble, at::kCPU)),
                 single = DecodedDistance(Model(c, at::kFloat, at::kCPU));
  EXPECT_LT(wide.logits, 1e-9) << what;
  EXPECT_LT(single.logits, 1e-4) << what;
  EXPECT_EQ(wide.sets + single.sets, 0) << what;
}

TEST(Decoder, EqualsTheForwardPassUnderAllSchedules) {
  for (const std::string& schedule : ScheduleNames()) ExpectEqual(ConfigOf({{"schedule", schedule}}), schedule);
}

TEST(Decoder, EqualsItWithSharedKeysAndInTheBenchmark) {
  for (const int groups : {1, 2}) ExpectEqual(ConfigOf({{"n_kv_heads", groups}}), "groups " + std::to_string(groups));
  ExpectEqual(ConfigOf({{"preset", "plasa-benchmark"}, {"target_rule", "next"}}), "plasa-benchmark");
}

TEST(Decoder, EqualsItWithTiedScores) {
  for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
    const Model model(ConfigOf({{"schedule", "aggressive_middle"}}), type, at::kCPU);
    MakeTies(model);
    const at::Tensor tokens = RandomTokens(model.config());
    const auto layers = LayerStatistics(model.Run({tokens, tokens, {}}, {.keep_layers = true}), model.config());
    for (const Value& layer : layers) EXPECT_GT(layer.As<Value::Object>().at("tie_rate").Number(), 0.3);
    const Distance distance = DecodedDistance(model);
    EXPECT_LT(distance.logits, type == at::kDouble ? 1e-9 : 1e-4);
    EXPECT_EQ(distance.sets, 0);
  }
}

TEST(Decoder, EqualsItUnderEveryRuleOfSelection) {
  const std::vector<Value::Object> rules = {
      {{"doc_mask", true}},
      {{"selector", "random"}},
      {{"selector", "recent"}},
      {{"selector", "oracle"}},
      {{"k_mode", "entropy"}},
      {{"k_mode", "learned"}},
      {{"indexer_loss", "bias"}},
      {{"force_self", true}, {"pat_global", 2}, {"pat_dilated", 2}, {"pat_dilation", 3}},
      {{"pat_local", 3}, {"pat_budget", "extra"}}};
  for (const Value::Object& rule : rules) ExpectEqual(ConfigOf(rule), rule.begin()->first);
}

TEST(Decoder, TakesSeveralTokensAtATime) {
  const Distance distance = DecodedDistance(Model(ConfigOf({}), at::kDouble, at::kCPU), 8);
  EXPECT_LT(distance.logits, 1e-9);
  EXPECT_EQ(distance.sets, 0);
}

TEST(Decoder, KComesFromTheLengthItIsMadeFor) {
  const Model model(ConfigOf({{"schedule", "uniform_sparse"}}), at::kDouble, at::kCPU);
  Decoder decoder(model, 2 * kLength);
  EXPECT_EQ(decoder.Append(RandomTokens(model.config()), {}, true).layers.front().k, kLength);
}

TEST(Decoder, RefusesQueriesThatLookAhead) {
  EXPECT_FALSE(Decoder::SupportError(ConfigOf({})));
  EXPECT_TRUE(Decoder::SupportError(ConfigOf({{"ref_leak", true}})));
  EXPECT_TRUE(Decoder::SupportError(ConfigOf({{"ref_baseline_no_mask", true}})));
}

}  // namespace
}  // namespace plasa::trainer
