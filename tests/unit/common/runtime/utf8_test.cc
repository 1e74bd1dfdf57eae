#include "common/runtime/utf8.h"

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

}  // namespace
}  // namespace plasa
