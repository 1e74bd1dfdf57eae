#include "cli/output/json_text.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <cmath>

namespace plasa::cli {
namespace {

namespace json = boost::json;

TEST(JsonText, KeepsOrderAndWritesShortNumbers) {
  const json::object value{{"v", 1}, {"b", 2.5}, {"a", {1, "x"}}, {"n", nullptr}, {"e", json::object{}}};
  EXPECT_EQ(JsonText(value), R"({"v":1,"b":2.5,"a":[1,"x"],"n":null,"e":{}})");
}

TEST(JsonText, NonFiniteNumbersAreTexts) {
  EXPECT_EQ(JsonText(json::array{NAN, INFINITY, -INFINITY}), R"(["NaN","Infinity","-Infinity"])");
}

TEST(JsonText, EscapesHostileText) {
  EXPECT_EQ(JsonText(json::object{{"a\"", "\n\x1b"}}), "{\"a\\\"\":\"\\n\\u001b\"}");
}

TEST(PrettyJsonText, Indents) {
  EXPECT_EQ(PrettyJsonText(json::object{{"a", {1}}, {"b", json::array{}}}),
            "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}");
}

TEST(YamlText, IsBlockStyle) {
  EXPECT_EQ(YamlText(json::object{{"v", 1}, {"list", {"no", json::object{{"k", 0.5}}}}, {"empty", json::array{}}}),
            "\"v\": 1\n\"list\":\n  - \"no\"\n  -\n    \"k\": 0.5\n\"empty\": []\n");
}

TEST(ParseObjectOrEmpty, TakesAnything) {
  EXPECT_TRUE(ParseObjectOrEmpty("[1]").empty());
  EXPECT_TRUE(ParseObjectOrEmpty("{").empty());
  EXPECT_EQ(ParseObjectOrEmpty("{\"a\":1}").size(), 1u);
}

}  // namespace
}  // namespace plasa::cli
