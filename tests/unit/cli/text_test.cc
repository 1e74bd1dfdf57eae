#include "cli/output/text.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cli/output/suggest.h"
#include "cli/output/terminal.h"

namespace plasa::cli {
namespace {

TEST(Text, Durations) {
  EXPECT_EQ(DurationText(-1), "unknown");
  EXPECT_EQ(DurationText(59.4), "59 s");
  EXPECT_EQ(DurationText(200), "3 min 20 s");
  EXPECT_EQ(DurationText(7500), "2 h 5 min");
  EXPECT_EQ(AgoText(100, 90), "0 s ago");
}

TEST(Text, ParsesDurations) {
  EXPECT_EQ(ParseDuration("10"), 10);
  EXPECT_EQ(ParseDuration("1.5h"), 5400);
  EXPECT_EQ(ParseDuration("250ms"), 0.25);
  EXPECT_FALSE(ParseDuration("").has_value());
  EXPECT_FALSE(ParseDuration("-3s").has_value());
  EXPECT_FALSE(ParseDuration("3 parsecs").has_value());
}

TEST(Text, Bars) {
  EXPECT_EQ(BarText(0, 4), "····");
  EXPECT_EQ(BarText(1, 4), "████");
  EXPECT_EQ(BarText(0.5, 2), "█·");
  EXPECT_EQ(BarText(NAN, 2), "··");
  EXPECT_EQ(DisplayWidth(BarText(0.3, 10)), 10u);
}

TEST(Text, Sparklines) {
  EXPECT_EQ(SparkText({1, 2, 3}, 2), "▁█");
  EXPECT_EQ(SparkText({1, NAN, 2}, 3), "▁ █");
  EXPECT_EQ(SparkText({5, 5}, 4), "▁▁");
  EXPECT_EQ(SparkText({}, 4), "");
}

TEST(Text, RoundedKeepsNames) {
  EXPECT_EQ(Rounded(2.49171234), "2.4917");
  EXPECT_EQ(Rounded(INFINITY), "Infinity");
}

TEST(Suggest, NearestOrNothing) {
  EXPECT_EQ(Nearest("sumbit", {"submit", "show"}), "submit");
  EXPECT_EQ(Nearest("xyzzy", {"submit", "show"}), "");
}

}  // namespace
}  // namespace plasa::cli
