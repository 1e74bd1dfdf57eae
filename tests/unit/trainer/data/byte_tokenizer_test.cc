#include "trainer/data/byte_tokenizer.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

TEST(ByteTokenizer, EndsEveryDocumentAndKeepsBytesAboveAscii) {
  ByteTokenizer tokenizer;
  tokenizer.Add("a\xC3\xA9");
  tokenizer.Add("");
  Tokens tokens = tokenizer.Take();
  ASSERT_EQ(tokens.size(), 5u);
  EXPECT_EQ(tokens[0], 97u);
  EXPECT_EQ(tokens[1], 0xC3u);
  EXPECT_EQ(tokens[3], kByteEndOfDocument);
  EXPECT_EQ(tokens[4], kByteEndOfDocument);
  EXPECT_EQ(tokens.offsets(), (std::vector<uint64_t>{0, 4, 5}));
}

TEST(Tokens, DigestTellsContentAndBoundariesApart) {
  const auto digest = [](std::vector<uint16_t> ids, std::vector<uint64_t> offsets) {
    return Tokens(std::move(ids), std::move(offsets)).Digest();
  };
  const std::string base = digest({1, 2, 3}, {0, 3});
  EXPECT_EQ(base, digest({1, 2, 3}, {0, 3}));
  EXPECT_NE(base, digest({1, 2, 4}, {0, 3}));
  EXPECT_NE(base, digest({1, 2, 3}, {0, 1, 3}));
}

TEST(Tokens, SplitsAfterAnEndId) {
  Tokens tokens({7, 9, 7, 7, 9, 5}, {0, 6});
  tokens.SplitAfter(9);
  EXPECT_EQ(tokens.offsets(), (std::vector<uint64_t>{0, 2, 5, 6}));
}

}  // namespace
}  // namespace plasa::trainer
