#include "trainer/data/text_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "common/base/sha256.h"
#include "temp_dir.h"
#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

using ::testing::HasSubstr;

constexpr char kSotu[] = "tests/tokenizer/sotu4096-digits.tokenizer.json";

std::vector<uint32_t> IdsOf(const Tokens& tokens) {
  std::vector<uint32_t> ids;
  for (uint64_t i = 0; i < tokens.size(); ++i) ids.push_back(tokens[i]);
  return ids;
}

uint64_t BytesOf(const Tokens& tokens, const TextEncoder& encoder) {
  const auto ids = IdsOf(tokens);
  return std::accumulate(ids.begin(), ids.end(), uint64_t{0},
                         [&](uint64_t sum, uint32_t id) { return sum + encoder.token_bytes[id]; });
}

TEST(TextEncoder, BytesEndEveryDocumentAndKeepWhatIsAboveAscii) {
  const auto tokens = TokensOf({"a\xC3\xA9", ""}, ByteEncoder());
  ASSERT_TRUE(tokens);
  EXPECT_EQ(IdsOf(*tokens), (std::vector<uint32_t>{'a', 0xC3, 0xA9, 256, 256}));
  EXPECT_EQ(tokens->offsets(), (std::vector<uint64_t>{0, 4, 5}));
  EXPECT_EQ(BytesOf(*tokens, ByteEncoder()), 3u);
}

TEST(TextEncoder, TokensOfAFileStandForTheTextTheyWereMadeOf) {
  const auto encoder = OpenTextEncoder(kSotu);
  ASSERT_TRUE(encoder) << encoder.error().Text();
  EXPECT_EQ(encoder->sha256, Sha256Hex(*ReadWholeFile(kSotu)));
  EXPECT_EQ(encoder->token_bytes.size(), encoder->largest_id + size_t{1});
  const std::vector<std::string> documents = {"Fellow citizens: in 1862,\n\n  we met.", "\xE2\x82\xAC 5 caf\xC3\xA9",
                                              ""};
  const auto tokens = TokensOf(documents, *encoder);
  ASSERT_TRUE(tokens) << tokens.error().Text();
  EXPECT_EQ(tokens->documents(), documents.size());
  for (size_t i = 1; i < tokens->offsets().size(); ++i) {
    EXPECT_EQ((*tokens)[tokens->offsets()[i] - 1], *encoder->end_of_document);
  }
  EXPECT_EQ(BytesOf(*tokens, *encoder), documents[0].size() + documents[1].size()) << "ends of documents are no text";
}

TEST(TextEncoder, CountsAddedTokensAndWhatTheAlphabetLacksByTheirText) {
  const TempDir dir;
  const auto file = dir.Write(
      "t.json",
      R"({"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},)"
      R"("added_tokens":[{"id":3,"content":"<sep>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false}],)"
      R"("model":{"type":"BPE","vocab":{"a":0,"\u0120a":1,"\u4E00":5},"merges":[]}})");
  const auto encoder = OpenTextEncoder(file.string());
  ASSERT_TRUE(encoder) << encoder.error().Text();
  EXPECT_EQ(encoder->token_bytes, (std::vector<uint32_t>{1, 2, 0, 5, 0, 3})) << "no token has the ids 2 and 4";
}

TEST(TextEncoder, RefusesTextThatIsNotUtf8ByItsNumber) {
  const auto encoder = OpenTextEncoder(kSotu);
  const auto refused = TokensOf({"fine", "\xFF"}, *encoder);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().Text(), HasSubstr("document 2"));
  EXPECT_TRUE(TokensOf({"fine", "\xFF"}, ByteEncoder()));
}

}  // namespace
}  // namespace plasa::trainer
