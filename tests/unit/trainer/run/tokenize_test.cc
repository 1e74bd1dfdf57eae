#include "trainer/tokenize.h"

#include <gtest/gtest.h>

#include <sstream>

#include "temp_dir.h"
#include "trainer/data/token_file.h"

namespace plasa::trainer {
namespace {

struct Ran {
  ExitCode code;
  std::string out, err;
};

Ran TokenizeText(const std::string& input, const std::string& to = "", const std::string& tokenizer = "bytes") {
  std::istringstream in(input);
  std::ostringstream out, err;
  const ExitCode code = Tokenize(tokenizer, to, in, out, err);
  return {code, out.str(), err.str()};
}

TEST(Tokenize, WritesIdsOfEachLine) {
  const auto result = TokenizeText("\"ab\"\n\"\\u00e9\"\n\"\"\n");
  EXPECT_EQ(result.code, ExitCode::kSucceeded);
  EXPECT_EQ(result.out, "{\"id\":0,\"ids\":[97,98]}\n{\"id\":1,\"ids\":[195,169]}\n{\"id\":2,\"ids\":[]}\n");
}

TEST(Tokenize, WritesATokenFileWithADocumentALine) {
  const TempDir dir;
  EXPECT_EQ(TokenizeText("\"ab\"\n\"c\"\n", (dir.path() / "t.bin").string()).code, ExitCode::kSucceeded);
  const auto tokens = OpenLlmcFile(dir.path() / "t.bin");
  ASSERT_TRUE(tokens) << tokens.error().Text();
  EXPECT_EQ(tokens->offsets(), (std::vector<uint64_t>{0, 3, 5}));
  EXPECT_EQ((*tokens)[2], 256u);
}

TEST(Tokenize, RefusesOtherTokenizersAndOtherLinesByName) {
  const auto other = TokenizeText("", "", "gpt2.json");
  EXPECT_EQ(other.code, ExitCode::kUserError);
  EXPECT_NE(other.err.find("gpt2.json"), std::string::npos);
  const auto line = TokenizeText("\"ok\"\nplain text\n");
  EXPECT_EQ(line.code, ExitCode::kData);
  EXPECT_NE(line.err.find("line 2"), std::string::npos);
}

constexpr char kSotu[] = "tests/tokenizer/sotu4096-digits.tokenizer.json";

TEST(Tokenize, TakesATokenizerFile) {
  const auto result = TokenizeText("\"Hello, world!\"\n\"don't\"\n", "", kSotu);
  EXPECT_EQ(result.code, ExitCode::kSucceeded) << result.err;
  EXPECT_EQ(result.out, "{\"id\":0,\"ids\":[43,1321,82,15,676,4]}\n{\"id\":1,\"ids\":[71,267,1618]}\n");
}

TEST(Tokenize, ClosesDocumentsWithTheEndOfTextOfTheTokenizer) {
  const TempDir dir;
  const auto result = TokenizeText("\"don't\"\n\"\"\n", dir / "t.bin", kSotu);
  EXPECT_EQ(result.code, ExitCode::kSucceeded) << result.err;
  const auto tokens = OpenLlmcFile(dir / "t.bin");
  ASSERT_TRUE(tokens) << tokens.error().Text();
  EXPECT_EQ(tokens->offsets(), (std::vector<uint64_t>{0, 4, 5}));
  EXPECT_EQ((*tokens)[3], 0u);
  EXPECT_EQ((*tokens)[4], 0u);
}

// Ids beyond 65535 need the 32-bit format; without <|endoftext|> only the sidecar tells documents apart.
TEST(Tokenize, WritesWideIdsWhereTheTokenizerHasThem) {
  const TempDir dir;
  const auto file =
      dir.Write("wide.json", R"({"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},)"
                             R"("model":{"type":"BPE","vocab":{"a":0,"b":70000},"merges":[]}})");
  const auto result = TokenizeText("\"ab\"\n\"b\"\n", dir / "t.bin", file.string());
  EXPECT_EQ(result.code, ExitCode::kSucceeded) << result.err;
  EXPECT_NE(result.err.find("<|endoftext|>"), std::string::npos);
  const auto tokens = OpenLlmcFile(dir / "t.bin");
  ASSERT_TRUE(tokens) << tokens.error().Text();
  EXPECT_EQ(tokens->width(), 4);
  EXPECT_EQ((*tokens)[1], 70000u);
  EXPECT_EQ(tokens->offsets(), (std::vector<uint64_t>{0, 2, 3}));
}

}  // namespace
}  // namespace plasa::trainer
