// Split and order against the recorded tables.
#include "trainer/data/split.h"

#include <gtest/gtest.h>

#include <array>

#include "trainer/data/order.h"
#include "trainer/data/token_file.h"
#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

const Value::Object& Table() {
  static const Value table = *ReadJsonFile("tests/golden/data.json");
  return table.As<Value::Object>();
}

const Value& At(const Value& object, const char* key) { return object.As<Value::Object>().at(key); }

template <class T>
std::vector<T> Numbers(const Value& list) {
  std::vector<T> out;
  for (const Value& item : list.As<Value::List>()) out.push_back(static_cast<T>(item.As<int64_t>()));
  return out;
}

Tokens Corpus() {
  auto tokens = OpenLlmcFile("tests/golden/corpus.bin");
  return std::move(*tokens);
}

TEST(DocumentHash, EqualsTheTable) {
  const Tokens tokens = Corpus();
  const auto& expected = Table().at("doc_hash").As<Value::List>();
  ASSERT_EQ(tokens.documents(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx",
                  static_cast<unsigned long long>(DocumentHash(tokens, tokens.offsets()[i], tokens.offsets()[i + 1])));
    EXPECT_EQ(expected[i].As<std::string>(), text);
  }
}

TEST(HeldOutDocuments, EqualTheTable) {
  const Tokens tokens = Corpus();
  for (const Value& split : Table().at("splits").As<Value::List>()) {
    const auto held_out = HeldOutDocuments(tokens, static_cast<uint64_t>(At(split, "split_seed").As<int64_t>()),
                                           At(split, "frac").Number());
    std::vector<int64_t> validation;
    for (size_t i = 0; i < held_out.size(); ++i) {
      if (held_out[i]) validation.push_back(static_cast<int64_t>(i));
    }
    EXPECT_EQ(validation, Numbers<int64_t>(At(split, "val_docs")));
    const TokenStream train(tokens, held_out, false), held(tokens, held_out, true);
    EXPECT_EQ(static_cast<int64_t>(train.size()), At(split, "train_tokens").As<int64_t>());
    EXPECT_EQ(static_cast<int64_t>(held.size()), At(split, "val_tokens").As<int64_t>());
    EXPECT_EQ(SharedTokens(train, held), 0u);
  }
}

TEST(EpochOrder, EqualsTheTable) {
  for (const Value& row : Table().at("epoch_perm").As<Value::List>()) {
    const Stream stream{static_cast<uint64_t>(At(row, "seed").As<int64_t>()), Purpose::kOrder,
                        static_cast<uint32_t>(At(row, "epoch").As<int64_t>()), 0};
    EXPECT_EQ(RandomOrder(stream, static_cast<uint64_t>(At(row, "n").As<int64_t>())),
              Numbers<uint64_t>(At(row, "perm")));
  }
  EpochOrder order(42, 10);
  std::vector<uint64_t> first;
  for (uint64_t sample = 0; sample < 25; ++sample) first.push_back(order.Window(sample));
  EXPECT_EQ(first, Numbers<uint64_t>(Table().at("order_seed42_n10_first25")));
  EXPECT_EQ(order.Window(3), first[3]) << "an earlier epoch can be asked for again";
}

TEST(HistoricalOverlapSplit, EqualsTheTable) {
  const Value& expected = Table().at("reference_split");
  const auto split = HistoricalOverlapSplit(200, 8);
  EXPECT_EQ(split.validation, Numbers<uint64_t>(At(expected, "val")));
  const auto first = Numbers<uint64_t>(At(expected, "train_first"));
  ASSERT_GE(split.train.size(), first.size());
  EXPECT_TRUE(std::equal(first.begin(), first.end(), split.train.begin()));
}

TEST(HistoricalOverlapSplit, HasTheWindowsOfThePublishedRuns) {
  for (const auto& [length, windows, validation] :
       {std::array<uint64_t, 3>{64, 49936, 4993}, {256, 49744, 4974}, {1024, 48976, 4897}}) {
    const auto split = HistoricalOverlapSplit(50000, length);
    EXPECT_EQ(split.train.size() + split.validation.size(), windows);
    EXPECT_EQ(split.validation.size(), validation);
  }
}

TEST(TokenStream, JoinsDocumentsOfOneSideAndNamesThem) {
  const Tokens tokens({1, 2, 3, 4, 5, 6}, {0, 2, 4, 4, 6});
  const TokenStream stream(tokens, {false, true, false, false}, false);
  std::vector<int32_t> ids(4), docs(4);
  stream.Read(0, ids, docs);
  EXPECT_EQ(ids, (std::vector<int32_t>{1, 2, 5, 6}));
  EXPECT_EQ(docs, (std::vector<int32_t>{0, 0, 1, 1}));
}

}  // namespace
}  // namespace plasa::trainer
