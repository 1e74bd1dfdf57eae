#include "common/runtime/json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <string>

namespace plasa {
namespace {

TEST(Json, RefusesWhatIsNoJsonOrTooDeep) {
  EXPECT_TRUE(absl::IsInvalidArgument(ParseJson("{").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseJson("1 2").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParseJson(std::string(1000, '[')).status()));
  EXPECT_TRUE(ParseJson(std::string(20, '[') + std::string(20, ']')).ok());
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
