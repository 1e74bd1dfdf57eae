// Against ids that Hugging Face's tokenizers gave (variants.jsonl: 0.23.3).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "temp_dir.h"
#include "trainer/data/bpe/hf_tokenizer.h"

namespace plasa::trainer {
namespace {

using nlohmann::json;

constexpr char kFolder[] = "tests/tokenizer/";

json ReadFile(const std::string& name) {
  std::ifstream in(kFolder + name);
  return json::parse(in);
}

std::vector<json> ReadLines(const std::string& name) {
  std::ifstream in(kFolder + name);
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

std::vector<uint32_t> Ids(HfTokenizer& tokenizer, const std::string& text) {
  std::vector<uint32_t> ids;
  tokenizer.Encode(text, &ids);
  return ids;
}

void ExpectGolden(const std::string& file, const std::string& column) {
  auto tokenizer = HfTokenizer::Open(file);
  ASSERT_TRUE(tokenizer) << tokenizer.error().Text();
  const auto rows = ReadLines("golden.jsonl");
  EXPECT_EQ(rows.size(), 100u);
  for (const json& row : rows) EXPECT_EQ(Ids(*tokenizer, row["text"]), row[column].get<std::vector<uint32_t>>()) << row;
}

TEST(HfTokenizer, GivesTheRecordedIdsForBothSpellingsOfMerges) {
  ExpectGolden(std::string(kFolder) + "sotu4096-digits.tokenizer.json", "sotu4096-digits");
  ExpectGolden(std::string(kFolder) + "sotu4096-digits-oldmerges.tokenizer.json", "sotu4096-digits");
}

TEST(HfTokenizer, GivesTheRecordedIdsOfGpt2) {
  const std::string file = "../shared/testdata/tokenizer/gpt2.tokenizer.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not here";
  ExpectGolden(file, "gpt2");
}

// Other pre-tokenizers, added tokens and ignore_merges, each with texts and ids.
TEST(HfTokenizer, GivesTheRecordedIdsOfEveryVariant) {
  const TempDir dir;
  json file = ReadFile("sotu4096-digits.tokenizer.json");
  for (const json& variant : ReadLines("variants.jsonl")) {
    for (const char* key : {"pre_tokenizer", "added_tokens"}) file[key] = variant[key];
    file["model"]["ignore_merges"] = variant["ignore_merges"];
    auto tokenizer = HfTokenizer::Open(dir.Write("tokenizer.json", file.dump()));
    ASSERT_TRUE(tokenizer) << tokenizer.error().Text();
    for (const json& row : variant["cases"]) {
      EXPECT_EQ(Ids(*tokenizer, row["text"]), row["ids"].get<std::vector<uint32_t>>())
          << variant["name"] << " " << row["text"];
    }
  }
}

TEST(HfTokenizer, KnowsItsEndOfDocumentAndItsLargestId) {
  auto tokenizer = HfTokenizer::Open(std::string(kFolder) + "sotu4096-digits.tokenizer.json");
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ(tokenizer->end_of_document(), 0u);
  EXPECT_EQ(tokenizer->largest_id(), 4095u);
}

// Quadratic merging would take minutes.
TEST(HfTokenizer, MergesAMillionLettersInOnePiece) {
  auto tokenizer = HfTokenizer::Open(std::string(kFolder) + "sotu4096-digits.tokenizer.json");
  ASSERT_TRUE(tokenizer);
  std::string text;
  while (text.size() < 1'000'000) text += "thecongress";
  const auto ids = Ids(*tokenizer, text);
  EXPECT_GT(ids.size(), text.size() / 11);
  EXPECT_LT(ids.size(), text.size() / 2);
}

}  // namespace
}  // namespace plasa::trainer
