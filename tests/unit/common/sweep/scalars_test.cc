#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::HasSubstr;

// How `text` is typed as the value of a parameter, as JSON.
std::string Typed(const std::string& text) {
  const auto spec = ParseSweep("method: grid\nparameters:\n  x: {value: " + text + "}\n", "f.yaml");
  if (!spec.ok()) return spec.error().Text();
  return spec->space.As<Value::Object>().at("x").As<Value::Object>().at("value").CanonicalJson();
}

TEST(Scalars, WordsOfOlderYamlAreText) {
  for (const std::string word : {"no", "yes", "on", "off", "No", "ON", "y", "n"})
    EXPECT_EQ(Typed(word), '"' + word + '"');
}

TEST(Scalars, BooleansAndNull) {
  for (const std::string word : {"true", "True", "TRUE"}) EXPECT_EQ(Typed(word), "true");
  for (const std::string word : {"false", "False", "FALSE"}) EXPECT_EQ(Typed(word), "false");
  for (const std::string word : {"~", "null", "Null", "NULL", ""}) EXPECT_EQ(Typed(word), "null");
  EXPECT_EQ(Typed("tRUE"), "\"tRUE\"");
}

TEST(Scalars, WholeNumbers) {
  EXPECT_EQ(Typed("0"), "0");
  EXPECT_EQ(Typed("-17"), "-17");
  EXPECT_EQ(Typed("+5"), "5");
  EXPECT_EQ(Typed("010"), "10");
  EXPECT_EQ(Typed("0x1F"), "31");
  EXPECT_EQ(Typed("0o17"), "15");
  EXPECT_EQ(Typed("1_000"), "\"1_000\"");
  EXPECT_EQ(Typed("9007199254740993"), "9007199254740993");
}

TEST(Scalars, RealNumbersNeedNoPoint) {
  EXPECT_EQ(Typed("1e-3"), "0.001");
  EXPECT_EQ(Typed("1E-8"), "1e-08");
  EXPECT_EQ(Typed("2e3"), "2000");
  EXPECT_EQ(Typed(".5"), "0.5");
  EXPECT_EQ(Typed("5."), "5");
  EXPECT_EQ(Typed("-.5e+2"), "-50");
  EXPECT_EQ(Typed(".inf"), "\"Infinity\"");
  EXPECT_EQ(Typed("-.Inf"), "\"-Infinity\"");
  EXPECT_EQ(Typed(".nan"), "\"NaN\"");
}

TEST(Scalars, WhatOnlyLooksLikeANumberIsText) {
  for (const std::string word : {".", "e3", "1e", "1e+", "0x", "0xg", "0o8", "1.2.3", "--1", "12:30:45", "1 2"}) {
    EXPECT_EQ(Typed(word), '"' + word + '"');
  }
}

TEST(Scalars, QuotedIsText) {
  EXPECT_EQ(Typed("'1'"), "\"1\"");
  EXPECT_EQ(Typed("\"true\""), "\"true\"");
  EXPECT_EQ(Typed("''"), "\"\"");
}

TEST(Scalars, Tags) {
  EXPECT_EQ(Typed("!!float 1e-5"), "1e-05");
  EXPECT_EQ(Typed("!!str 7"), "\"7\"");
  EXPECT_EQ(Typed("!!int \"7\""), "7");
  EXPECT_THAT(Typed("!!int 7.5"), HasSubstr("!!int"));
  EXPECT_THAT(Typed("!!python/object:os.system ls"), HasSubstr("unknown tag"));
  EXPECT_THAT(Typed("!mine x"), HasSubstr("unknown tag"));
}

TEST(Scalars, NumbersNobodyCanHoldAreRefused) { EXPECT_THAT(Typed("1e999"), HasSubstr("f.yaml:3:14")); }

// W&B reads such a list as booleans, and a program that gets "no" for False goes the wrong way without a word.
TEST(Scalars, AListOfBothAnswersIsBoolean) {
  EXPECT_EQ(CellsText(Parsed(Grid("x: {values: [yes, no]}"))), R"({"x":true} {"x":false})");
  EXPECT_EQ(CellsText(Parsed(Grid("x: {values: [on, False, Off]}"))), R"({"x":true} {"x":false})");
  EXPECT_EQ(CellsText(Parsed(Grid("x: {values: [no, se]}"))), R"({"x":"no"} {"x":"se"})");
  EXPECT_EQ(CellsText(Parsed(Grid("x: {values: [no, off]}"))), R"({"x":"no"} {"x":"off"})");
  EXPECT_EQ(CellsText(Parsed(Grid("x: {values: ['yes', 'no']}"))), R"({"x":"yes"} {"x":"no"})");
  EXPECT_EQ(CellsText(Parsed(Grid("x: {values: [yes, 'no']}"))), R"({"x":"yes"} {"x":"no"})");
}

}  // namespace
}  // namespace plasa
