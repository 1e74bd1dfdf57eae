#include "common/experiment/config.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "common/experiment/flops.h"
#include "common/experiment/parameters.h"

namespace plasa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Refusal(Value::Object params) {
  const auto config = ResolveConfig(Value(std::move(params)));
  return config.ok() ? "accepted" : config.error().Text();
}

TEST(Config, UnknownKeyNamesTheNearestKnownOne) {
  EXPECT_THAT(Refusal({{"n_head", 4}}), HasSubstr("n_heads"));
  EXPECT_THAT(Refusal({{"preset", "demmo"}}), HasSubstr("demo"));
  EXPECT_THAT(Refusal({{"schedule", "uniform_spares"}}), HasSubstr("uniform_sparse"));
}

TEST(Config, ImpossibleValuesAreRefused) {
  EXPECT_THAT(Refusal({{"n_heads", 3}}), HasSubstr("do not divide"));
  EXPECT_THAT(Refusal({{"d_model", 24}, {"n_heads", 8}}), HasSubstr("even"));
  EXPECT_THAT(Refusal({{"seq_len", 1}}), HasSubstr("seq_len"));
  EXPECT_THAT(Refusal({{"attn_dropout", 1.0}}), HasSubstr("[0, 1)"));
  EXPECT_THAT(Refusal({{"lr", "fast"}}), HasSubstr("number"));
  EXPECT_THAT(Refusal({{"schedule", "explicit_ratios"}, {"schedule_ratios", Value::List{0.5, 0.5, 1.5, 1, 1, 1}}}),
              HasSubstr("(0, 1]"));
  EXPECT_THAT(Refusal({{"schedule", "explicit_k"}, {"schedule_k", Value::List{1, 2}}}),
              HasSubstr("one entry per layer"));
}

TEST(Config, BlocksOfKeysStandAlone) {
  const auto with = [](Value::Object more) {
    Value::Object params{{"selector", "block"}, {"select_block", 32}};
    for (const auto& [key, value] : more) params[key] = value;
    return Refusal(params);
  };
  EXPECT_EQ(with({}), "accepted");
  EXPECT_EQ(with({{"indexer_loss", "dense_kl"}}), "accepted");
  EXPECT_THAT(with({{"select_block", 0}}), HasSubstr("16, 32 or 64"));
  EXPECT_THAT(with({{"select_block", 24}}), HasSubstr("16, 32 or 64"));
  EXPECT_THAT(with({{"selector", "indexer"}}), HasSubstr("set selector to block"));
  const Value::Object alone{{"mode", "reference_cpu"}, {"ref_leak", true}, {"k_mode", "entropy"},
                            {"force_self", true},      {"pat_local", 4},   {"pat_dilated", 4},
                            {"pat_global", 4},         {"doc_mask", true}, {"indexer_loss", "bias"}};
  for (const auto& [key, value] : alone) {
    EXPECT_THAT(with({{key, value}}), HasSubstr("whole blocks of keys")) << key;
    EXPECT_THAT(with({{key, value}}), HasSubstr(key));
  }
}

TEST(Flops, BlocksCountSelectedPairsAndTheScoresOfFirstQueries) {
  const auto of = [](const char* loss) {
    return FlopsOf(*ResolveConfig(Value::Object{{"selector", "block"},
                                                {"select_block", 16},
                                                {"indexer_loss", loss},
                                                {"schedule", "explicit_k"},
                                                {"schedule_k", Value::List{32}},
                                                {"n_layers", 1},
                                                {"indexer_heads", 1},
                                                {"indexer_dim", 1},
                                                {"seq_len", 64}}),
                   64, 1);
  };
  // Blocks 0..3 of 16 queries; two blocks each from block 1 on. A choice: the first queries of blocks 2 and 3, among 1
  // and 2 blocks.
  const int64_t pairs = 16 * 17 / 2 + 3 * (16 * 16 + 16 * 17 / 2), scores = 16 + 32;
  EXPECT_EQ(of("off").attn, 4 * 256 * pairs);
  EXPECT_EQ(of("off").index_score, (2 + 3) * scores);
  EXPECT_EQ(of("sparse_kl").index_score, (2 + 3) * (scores + pairs));
}

TEST(Config, BatchSizeFollowsEqualTokensUnlessGiven) {
  EXPECT_EQ(ResolveConfig(Value::Object{{"preset", "demo"}, {"seq_len", 64}})->batch_size, 32);
  EXPECT_EQ(ResolveConfig(Value::Object{{"preset", "demo"}, {"seq_len", 4096}})->batch_size, 1);
  EXPECT_EQ(ResolveConfig(Value::Object{{"batch_size", 3}})->batch_size, 3);
}

TEST(Config, CanonicalTextResolvesToItself) {
  const auto config = ResolveConfig(Value::Object{{"preset", "plasa-benchmark"}});
  const auto again = ResolveConfig(ConfigValue(*config));
  EXPECT_EQ(CanonicalJson(*again), CanonicalJson(*config));
}

TEST(Config, EachDeviationMakesARunInvalid) {
  EXPECT_TRUE(InvalidReasons(*ResolveConfig(Value::Object{{"preset", "exp3"}})).empty());
  EXPECT_THAT(InvalidReasons(*ResolveConfig(Value::Object{{"ref_leak", true}})), ElementsAre("ref_leak"));
}

TEST(Config, PublishedParameterCounts) {
  const auto total = [](Value::Object o) {
    o["vocab_size"] = 49152;
    return CountParameters(*ResolveConfig(Value(std::move(o)))).total;
  };
  EXPECT_EQ(total({{"schedule", "dense_baseline"}}), 20456704);
  EXPECT_EQ(total({{"schedule", "aggressive_middle"}}), 20955136);
  for (const char* schedule : {"dense_to_sparse", "progressive_sparse", "reverse_progressive"})
    EXPECT_EQ(total({{"schedule", schedule}}), 20788992);
  EXPECT_EQ(total({{"preset", "reference-benchmark"}}), 14111104);
  EXPECT_EQ(total({{"preset", "reference-benchmark"}, {"indexer_dim", 64}}), 14193024);
  EXPECT_EQ(total({{"schedule", "uniform_sparse"}}), 20955136);
  EXPECT_EQ(total({{"preset", "reference"}, {"schedule", "uniform_sparse"}}), 20954368);
  EXPECT_EQ(total({{"preset", "plasa-benchmark"}}), 14090048);
}

// docs/config.md is what error messages send people to.
TEST(ConfigKeys, AreAllInTheDocuments) {
  std::ifstream in("docs/config.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (const std::string& key : ConfigKeys()) EXPECT_NE(page.find('`' + key + '`'), std::string::npos) << key;
  for (const std::string& preset : PresetNames()) EXPECT_NE(page.find('`' + preset + '`'), std::string::npos) << preset;
}

}  // namespace
}  // namespace plasa
