#include "trainer/data/corpus.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

TEST(ChaptersOf, StripsVerseNumbersAndStartsADocumentAtEachChapter) {
  const auto chapters =
      ChaptersOf("Ge1:1 In the beginning\nGe1:2 And the earth: waste\n1Sm2:10 He shall\nRev22:21 Amen.\n");
  ASSERT_TRUE(chapters) << chapters.error().Text();
  EXPECT_EQ(*chapters, (std::vector<std::string>{"In the beginning\nAnd the earth: waste\n", "He shall\n", "Amen.\n"}));
}

TEST(ChaptersOf, TakesALastLineWithoutNewline) {
  const auto chapters = ChaptersOf("Ge1:1 a\nGe2:1 b");
  ASSERT_TRUE(chapters);
  EXPECT_EQ(chapters->size(), 2u);
}

TEST(ChaptersOf, NamesALineThatIsNoVerse) {
  for (const char* printed : {"", "bible: unknown reference\n", "Ge1:x text\n", "Ge1:1\n", "Ge:1 text\n"}) {
    const auto chapters = ChaptersOf(printed);
    ASSERT_FALSE(chapters) << printed;
    EXPECT_NE(chapters.error().mend.find("bible-kjv"), std::string::npos);
  }
}

}  // namespace
}  // namespace plasa::trainer
