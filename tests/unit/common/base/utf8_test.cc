#include "common/base/utf8.h"

#include <gtest/gtest.h>

namespace plasa {
namespace {

TEST(ToUtf8, KeepsWhatIsWellFormed) {
  for (const char* text : {"", "plain", "gr\xC3\xBC\xC3\x9F", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"})
    EXPECT_EQ(ToUtf8(text), text);
}

TEST(ToUtf8, ReplacesEveryOtherByte) {
  EXPECT_EQ(ToUtf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(ToUtf8("\xC3"), "\xEF\xBF\xBD");                  // cut off
  EXPECT_EQ(ToUtf8("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong
  EXPECT_EQ(ToUtf8("\xED\xA0\x80").size(), 9u);               // surrogate
  EXPECT_EQ(ToUtf8("\xF4\x90\x80\x80").size(), 12u);          // beyond the last character
}

TEST(ToUtf8, OrKeepsTheLength) {
  EXPECT_EQ(ToUtf8OfSameLength("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(ToUtf8OfSameLength("a\xFFz \xE2\x82"), "a?z ??");
  EXPECT_EQ(ToUtf8OfSameLength("\xED\xA0\x80 \xE0\x80\x80 \xF4\x90\x80\x80"), "??? ??? ????");
}

TEST(IsUtf8, SaysWhetherNothingWouldBeReplaced) {
  for (const char* text : {"", "plain", "\xE2\x82\xAC", "\xEE\x80\x80"}) EXPECT_TRUE(IsUtf8(text)) << text;
  for (const char* text : {"\xFF", "a\xC3", "\xE0\x80\x80", "\xED\xBF\xBF"}) EXPECT_FALSE(IsUtf8(text)) << text;
}

TEST(Shortened, KeepsBeginningEndAndWholeCharacters) {
  EXPECT_EQ(Shortened(std::string(1000, 'a')), std::string(1000, 'a'));
  EXPECT_EQ(Shortened("begin " + std::string(100'000, '[') + " end"),
            "begin " + std::string(694, '[') + " \u2026 " + std::string(296, '[') + " end");
  std::string euros;
  for (int i = 0; i < 1000; ++i) euros += "\u20AC";
  EXPECT_TRUE(IsUtf8(Shortened(euros)));
  EXPECT_TRUE(IsUtf8(Shortened("a" + euros)));
}

}  // namespace
}  // namespace plasa
