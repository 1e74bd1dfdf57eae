#include "trainer/data/token_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "temp_dir.h"
#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

std::string Golden(const char* name) { return *ReadWholeFile(std::string("tests/golden/") + name); }

TEST(TokenFile, ReadsTheRecordedFilesAlike) {
  auto with_header = OpenLlmcFile("tests/golden/corpus.bin");
  ASSERT_TRUE(with_header) << with_header.error().Text();
  auto headerless = OpenHeaderlessFile("tests/golden/corpus_headerless.bin");
  ASSERT_TRUE(headerless);
  ASSERT_EQ(with_header->size(), headerless->size());
  EXPECT_EQ(with_header->documents(), 24u);
  EXPECT_EQ(headerless->documents(), 1u);
  for (uint64_t i = 0; i < with_header->size(); ++i) ASSERT_EQ((*with_header)[i], (*headerless)[i]);
}

TEST(TokenFile, WritesWhatItReads) {
  const TempDir dir;
  const auto golden = OpenLlmcFile("tests/golden/corpus.bin");
  ASSERT_FALSE(WriteLlmcFile(dir.path() / "copy.bin", *golden));
  EXPECT_EQ(*ReadWholeFile(dir.path() / "copy.bin"), Golden("corpus.bin"));
  EXPECT_EQ(*ReadWholeFile(dir.path() / "copy.bin.docs"), Golden("corpus.bin.docs"));
}

TEST(TokenFile, ReadsWideIds) {
  const TempDir dir;
  std::string bytes(1024, '\0');
  const int32_t header[] = {20240801, 7, 2};
  std::memcpy(bytes.data(), header, sizeof header);
  const uint32_t ids[] = {70000, 5};
  bytes.append(reinterpret_cast<const char*>(ids), sizeof ids);
  const auto tokens = OpenLlmcFile(dir.Write("wide.bin", bytes));
  ASSERT_TRUE(tokens) << tokens.error().Text();
  EXPECT_EQ((*tokens)[0], 70000u);
  EXPECT_EQ(tokens->MaxId(), 70000u);
}

TEST(TokenFile, RefusesEveryCutOfAFile) {
  const TempDir dir;
  const std::string whole = Golden("corpus.bin");
  for (const size_t size : {size_t{0}, size_t{3}, size_t{1023}, size_t{1024}, whole.size() - 1}) {
    EXPECT_FALSE(OpenLlmcFile(dir.Write("cut.bin", whole.substr(0, size)))) << size;
  }
  EXPECT_FALSE(OpenLlmcFile(dir.Write("long.bin", whole + "xx")));
  EXPECT_FALSE(OpenHeaderlessFile(dir.Write("odd.bin", "abc")));
  EXPECT_FALSE(OpenLlmcFile(dir.path() / "missing.bin"));
}

TEST(TokenFile, RefusesWrongMagicVersionAndCount) {
  const TempDir dir;
  const std::string whole = Golden("corpus.bin");
  const auto refusal = [&](size_t field, int32_t value) {
    std::string changed = whole;
    std::memcpy(changed.data() + field * sizeof value, &value, sizeof value);
    const auto tokens = OpenLlmcFile(dir.Write("t.bin", changed));
    return tokens ? "" : tokens.error().Text();
  };
  EXPECT_NE(refusal(0, 20240521).find("20240520"), std::string::npos);
  EXPECT_NE(refusal(0, 20240801).find("promises"), std::string::npos) << "twice as wide, not twice as long";
  EXPECT_NE(refusal(1, 2).find("version 1"), std::string::npos);
  for (const int32_t count : {0, 1, -1, 0x7FFFFFFF}) EXPECT_NE(refusal(2, count).find("promises"), std::string::npos);
}

TEST(TokenFile, RefusesASidecarThatDoesNotFit) {
  const TempDir dir;
  const auto file = dir.Write("t.bin", Golden("corpus.bin"));
  const std::string docs = Golden("corpus.bin.docs");
  std::string decreasing = docs;
  decreasing[25] = '\x7F';  // the second offset becomes larger than the third
  std::string huge = docs;
  huge[15] = '\x7F';  // an absurd number of documents
  for (const std::string& bad :
       {std::string("short"), docs.substr(0, docs.size() - 8), "X" + docs.substr(1), decreasing, huge}) {
    dir.Write("t.bin.docs", bad);
    const auto tokens = OpenLlmcFile(file);
    ASSERT_FALSE(tokens);
    EXPECT_NE(tokens.error().Text().find("t.bin.docs"), std::string::npos);
  }
}

}  // namespace
}  // namespace plasa::trainer
