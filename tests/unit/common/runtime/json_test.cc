#include "common/runtime/json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

namespace plasa {
namespace {

TEST(Json, RefusesWhatIsNoJsonOrTooDeep) {
  EXPECT_TRUE(absl::IsInvalidArgument(ParseJson("{").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseJson("1 2").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseJson(std::string(1000, '[')).status()));
  EXPECT_TRUE(ParseJson(std::string(20, '[') + std::string(20, ']')).ok());
}

TEST(Json, NumbersAreTheNearestToTheirText) {
  uint64_t bits = 88172645463325252;
  for (int i = 0; i < 20'000; ++i) {
    bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (i % 2 == 0) number = static_cast<double>(bits >> 11) / 1e16;  // as losses are
    if (!std::isfinite(number)) continue;
    char text[64];
    std::snprintf(text, sizeof text, "[%.17g]", number);
    const auto value = ParseJson(text);
    ASSERT_TRUE(value.ok()) << text;
    if (std::string(text).find_first_of(".e") == std::string::npos) continue;  // an integer
    EXPECT_EQ(value->at(0).as_double(), number) << text;
  }
  EXPECT_EQ(ParseJson("1.0666666666666667")->as_double(), 1.0666666666666667);
  EXPECT_EQ(ParseJson("-0.0")->as_double(), 0);
  EXPECT_TRUE(std::signbit(ParseJson("-0.0")->as_double()));
  EXPECT_EQ(ParseJson("1e400")->as_double(), HUGE_VAL);
  EXPECT_EQ(ParseJson("9007199254740993")->as_int64(), 9007199254740993);
}

TEST(Json, NonFiniteNumbersAreTextBothWays) {
  EXPECT_EQ(boost::json::serialize(JsonNumber(std::nan(""))), "\"NaN\"");
  EXPECT_EQ(boost::json::serialize(JsonNumber(-HUGE_VAL)), "\"-Infinity\"");
  EXPECT_EQ(NumberOf(JsonNumber(HUGE_VAL)), HUGE_VAL);
  EXPECT_TRUE(std::isnan(*NumberOf(JsonNumber(std::nan("")))));
  EXPECT_EQ(NumberOf(boost::json::value(true)), std::nullopt);
}

TEST(Json, MembersFallBackWhenMissingOrOfAnotherType) {
  const boost::json::object object = ParseObjectOrEmpty(R"({"t":"x","n":2.5,"i":7,"b":true})");
  EXPECT_EQ(TextOr(object, "t", "-"), "x");
  EXPECT_EQ(TextOr(object, "n", "-"), "-");
  EXPECT_EQ(NumberOr(object, "n", 0), 2.5);
  EXPECT_EQ(IntegerOr(object, "i", 0), 7);
  EXPECT_EQ(IntegerOr(object, "n", -1), -1);
  EXPECT_EQ(BoolOr(object, "b", false), true);
  EXPECT_EQ(BoolOr(object, "none", true), true);
  EXPECT_TRUE(ParseObjectOrEmpty("[1]").empty());
}

TEST(Json, BecomesAValueWithTheSameText) {
  const std::string text = R"({"a":[1,2.5,null,true],"b":{"c":"x"}})";
  EXPECT_EQ(ToValue(*ParseJson(text)).CanonicalJson(), text);
}

}  // namespace
}  // namespace plasa
