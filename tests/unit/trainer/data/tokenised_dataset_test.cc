// Data of a run that names a tokenizer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "common/base/sha256.h"
#include "temp_dir.h"
#include "trainer/data/dataset.h"
#include "trainer/data/text.h"
#include "trainer/data/token_file.h"

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr char kSotu[] = "tests/tokenizer/sotu4096-digits.tokenizer.json";

// A folder of texts, and a cache of its own.
class TokenisedDataset : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("XDG_CACHE_HOME", (dir_ / "cache").c_str(), 1);
    for (int i = 0; i < 20; ++i) {
      std::string text;
      for (int j = 0; j < 20; ++j) text += "Message " + std::to_string(i * j) + " to the Congress. ";
      dir_.Write("texts/" + std::to_string(i), text);
    }
  }
  void TearDown() override { unsetenv("XDG_CACHE_HOME"); }

  [[nodiscard]] DataPath Texts() const { return {dir_ / "texts"}; }
  // Token files in the cache.
  [[nodiscard]] std::vector<fs::path> Kept() const {
    std::vector<fs::path> kept;
    for (const auto& entry : fs::directory_iterator(dir_ / "cache/plasa")) {
      if (entry.path().extension() == ".bin") kept.push_back(entry.path());
    }
    return kept;
  }
  [[nodiscard]] static std::string Refusal(const DataSpec& spec, const std::string& tokenizer) {
    const auto data = OpenDataset(spec, {.length = 16}, *OpenTextEncoder(tokenizer));
    return data ? "" : data.error().Text();
  }

  const TempDir dir_;
};

TEST_F(TokenisedDataset, TextIsTokenisedAndSaysByWhat) {
  const auto encoder = OpenTextEncoder(kSotu);
  const auto data = OpenDataset(Texts(), {.length = 16}, *encoder);
  ASSERT_TRUE(data) << data.error().Text();
  EXPECT_EQ((*data)->facts().vocab, 4096);
  EXPECT_EQ((*data)->facts().tokenizer, kSotu);
  EXPECT_EQ((*data)->facts().tokenizer_sha256, Sha256Hex(*ReadWholeFile(kSotu)));
  EXPECT_EQ((*data)->facts().token_bytes, encoder->token_bytes);
  auto tokens = TokensOf(*ReadDocuments(Texts().path, true), *encoder);
  EXPECT_EQ((*data)->facts().digest, tokens->Digest()) << "documents stay documents";
}

TEST_F(TokenisedDataset, TokensAreKeptByTextAndTokenizer) {
  const auto other = dir_.Write("other.json", *ReadWholeFile(kSotu) + "\n");
  for (const std::string& tokenizer : {std::string(kSotu), std::string(kSotu), other.string()})
    EXPECT_EQ(Refusal(Texts(), tokenizer), "");
  EXPECT_EQ(Kept().size(), 2u);
  dir_.Write("texts/more", "another document");
  EXPECT_EQ(Refusal(Texts(), kSotu), "");
  EXPECT_EQ(Kept().size(), 3u);
}

TEST_F(TokenisedDataset, WhatIsKeptIsUsed) {
  ASSERT_EQ(Refusal(Texts(), kSotu), "");
  auto other = OpenLlmcFile("tests/golden/corpus.bin");
  ASSERT_FALSE(WriteLlmcFile(Kept().front(), *other));
  std::ofstream(Kept().front().string() + ".digest") << other->Digest();
  const auto data = OpenDataset(Texts(), {.length = 16}, *OpenTextEncoder(kSotu));
  ASSERT_TRUE(data);
  EXPECT_EQ((*data)->facts().digest, other->Digest());
}

TEST_F(TokenisedDataset, ATokenFileLearnsHowMuchTextItIs) {
  const auto encoder = OpenTextEncoder(kSotu);
  const auto tokens = TokensOf(*ReadDocuments(Texts().path, true), *encoder);
  const DataPath file{dir_ / "t.bin"};
  ASSERT_FALSE(WriteLlmcFile(file.path, *tokens));
  const auto unnamed = OpenDataset(file, {.length = 16});
  EXPECT_EQ((*unnamed)->facts().tokenizer, "");
  EXPECT_TRUE((*unnamed)->facts().token_bytes.empty());
  EXPECT_LT((*unnamed)->facts().vocab, 4096);
  const auto named = OpenDataset(file, {.length = 16}, *encoder);
  EXPECT_EQ((*named)->facts().vocab, 4096);
  EXPECT_EQ((*named)->facts().token_bytes, encoder->token_bytes);
  EXPECT_THAT(Refusal(file, "bytes"), HasSubstr("bytes has none beyond 256"));
}

TEST_F(TokenisedDataset, RefusesWhatATokenizerCannotRead) {
  EXPECT_THAT(Refusal(TaskSpec{}, kSotu), HasSubstr("synthetic task"));
  EXPECT_EQ(Refusal(TaskSpec{}, "bytes"), "");
  EXPECT_THAT(Refusal(DataPath{Texts().path, FileFormat::kBytes}, kSotu), HasSubstr("format: bytes"));
  dir_.Write("texts/latin1", "caf\xE9");
  EXPECT_THAT(Refusal(Texts(), kSotu), HasSubstr("latin1"));
}

TEST_F(TokenisedDataset, SaysWhenNothingMarksTheEndOfADocument) {
  const auto bare = dir_.Write("bare.json", R"({"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},)"
                                            R"("model":{"type":"BPE","vocab":{"e":0,"1":1,"2":2,"4":3},"merges":[]}})");
  const auto data = OpenDataset(Texts(), {.length = 16}, *OpenTextEncoder(bare.string()));
  ASSERT_TRUE(data) << data.error().Text();
  EXPECT_THAT((*data)->facts().note, HasSubstr("<|endoftext|>"));
}

}  // namespace
}  // namespace plasa::trainer
