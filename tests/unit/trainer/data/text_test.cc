#include "trainer/data/text.h"

#include <gtest/gtest.h>

#include "temp_dir.h"

namespace plasa::trainer {
namespace {

TEST(IsUtf8, AcceptsWellFormedAndRefusesTheRest) {
  for (const char* good : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF"})
    EXPECT_TRUE(IsUtf8(good)) << good;
  for (const char* bad :
       {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x9F\x98", "a\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(ReadDocuments, TakesTheFilesOfAFolderInOrderOfTheirPaths) {
  const TempDir dir;
  dir.Write("b.txt", "second");
  dir.Write("a.txt", "first");
  dir.Write("sub/c.txt", "third");
  dir.Write(".hidden", "no");
  dir.Write(".git/config", "no");
  const auto documents = ReadDocuments(dir.path(), true);
  ASSERT_TRUE(documents) << documents.error().Text();
  EXPECT_EQ(*documents, (std::vector<std::string>{"first", "second", "third"}));
}

TEST(ReadDocuments, CutsASingleFileAtBlankLinesAndLosesNothing) {
  const TempDir dir;
  const std::string paragraph = std::string(1500, 'x') + "\n\n";
  std::string text;
  for (int i = 0; i < 5; ++i) text += paragraph;
  const auto documents = ReadDocuments(dir.Write("one.txt", text), true);
  ASSERT_TRUE(documents);
  EXPECT_EQ(documents->size(), 3u);
  std::string joined;
  for (const std::string& document : *documents) joined += document;
  EXPECT_EQ(joined, text);
}

TEST(ReadDocuments, RefusesWhatCannotBeRead) {
  const TempDir dir;
  EXPECT_FALSE(ReadDocuments(dir.path(), true)) << "an empty folder";
  EXPECT_FALSE(ReadDocuments(dir.path() / "missing", true));
  const auto latin1 = dir.Write("latin1.txt", "caf\xE9");
  const auto refused = ReadDocuments(latin1, true);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().Text().find("latin1.txt"), std::string::npos);
  EXPECT_TRUE(ReadDocuments(latin1, false)) << "bytes need not be UTF-8";
}

}  // namespace
}  // namespace plasa::trainer
