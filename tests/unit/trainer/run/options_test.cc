#include "trainer/options.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

TEST(ParseOptions, ReadsBothSpellings) {
  const auto options = ParseOptions({"--steps", "5", "--seq-len=64", "-o", "json", "file"}, {"steps", "seq-len", "o"});
  ASSERT_TRUE(options) << options.error().Text();
  EXPECT_EQ(options->Get("steps", ""), "5");
  EXPECT_EQ(options->Get("seq-len", ""), "64");
  EXPECT_EQ(options->Get("o", ""), "json");
  EXPECT_EQ(options->Get("batch", "8"), "8");
  EXPECT_EQ(options->plain, std::vector<std::string>{"file"});
}

TEST(ParseOptions, RefusesUnknownAndUnfinishedOnes) {
  EXPECT_FALSE(ParseOptions({"--stesp", "5"}, {"steps"}));
  EXPECT_FALSE(ParseOptions({"--steps"}, {"steps"}));
  EXPECT_FALSE(ParseOptions({"--", "5"}, {"steps"}));
}

}  // namespace
}  // namespace plasa::trainer
