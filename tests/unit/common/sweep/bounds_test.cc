#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::HasSubstr;

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Bounds, Size) {
  EXPECT_THAT(Refusal("name: " + std::string(1 << 20, 'x')), HasSubstr("larger than 1 MiB"));
  EXPECT_EQ(Refusal(Grid("a: {value: 1}", "name: " + std::string(900000, 'x'))), "accepted");
}

TEST(Bounds, DepthOfWhatIsWritten) {
  for (const char* opening : {"[", "{", "- ", "? ", "{a: "}) {
    EXPECT_THAT(Refusal(Repeat(opening, 20000)), HasSubstr("nests deeper")) << opening;
  }
  EXPECT_EQ(Refusal(Grid("a: {value: " + Repeat("[", 60) + Repeat("]", 60) + "}")), "accepted");
}

TEST(Bounds, DepthOfWhatAliasesRepeat) {
  std::string text = "a: &a0 [x]\n";
  for (int i = 0; i < 2000; ++i)
    text += "b" + std::to_string(i) + ": &a" + std::to_string(i + 1) + " [*a" + std::to_string(i) + "]\n";
  EXPECT_THAT(Refusal(text), HasSubstr("nests deeper"));
}

TEST(Bounds, AliasesCannotMultiply) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    text += std::string(1, c) + ": &" + std::string(1, c) + " [" + Repeat("*" + before + ", ", 10) + "]\n";
  }
  EXPECT_THAT(Refusal(text), HasSubstr("grows beyond"));
  EXPECT_THAT(Refusal("a: &a [*a]\n"), HasSubstr("inside what it repeats"));
  EXPECT_THAT(Refusal("a: *b\n"), HasSubstr("not YAML"));
}

TEST(Bounds, NumberOfValues) {
  EXPECT_THAT(Refusal(Grid("a: {values: [" + Repeat("1,", 300000) + "]}")), HasSubstr("grows beyond"));
}

TEST(Bounds, OnlyUtf8TextWithoutControlCharacters) {
  EXPECT_THAT(Refusal("name: caf\xe9\n"), HasSubstr("f.yaml:1:10: the file is not UTF-8"));
  EXPECT_THAT(Refusal("name: \xed\xa0\x80\n"), HasSubstr("not UTF-8"));
  EXPECT_THAT(Refusal("name: \xc0\xaf\n"), HasSubstr("not UTF-8"));
  EXPECT_THAT(Refusal(std::string("method: grid\0", 13)), HasSubstr("control character"));
  EXPECT_THAT(Refusal("a: 1\nb: \x1b[31m\n"), HasSubstr("f.yaml:2:4: there is a control character"));
  EXPECT_EQ(Refusal("\xef\xbb\xbf" + Grid("a: {value: caf\xc3\xa9}")), "accepted");
}

TEST(Bounds, CellsAreCountedBeforeTheyAreMade) {
  const std::string wide = "{min: 1, max: 100000}";
  EXPECT_THAT(CellsText(Parsed(Grid("a: " + wide + ", b: " + wide + ", c: " + wide + ", d: " + wide))),
              HasSubstr("more than 10^19 cells"));
  EXPECT_THAT(CellsText(Parsed(Grid("a: {min: 1, max: 10000}, b: {min: 1, max: 1000}"))),
              HasSubstr("10000000 cells, at most 100000"));
  EXPECT_THAT(CellsText(Parsed(Grid("a: {min: 0, max: 9007199254740992}"))), HasSubstr("parameters.a"));
  EXPECT_THAT(CellsText(Parsed(Grid("a: {distribution: q_uniform, min: 0, max: 1e9, q: 1e-9}"))),
              HasSubstr("parameters.a"));
  EXPECT_THAT(CellsText(Parsed(Random("a: {min: 1, max: 9}", "run_cap: 1000000000000"))), HasSubstr("at most 100000"));
}

TEST(Bounds, TrialsAreCountedBeforeTheyAreMade) {
  EXPECT_THAT(ExpandRefusal(Grid("a: {min: 1, max: 1001}", "plasa: {seeds: 100, trainer: t}")),
              HasSubstr("100000 trials"));
}

TEST(Bounds, ACapMakesALargeGridSmall) {
  EXPECT_EQ(ExpandCells(Parsed(Grid("a: {min: 1, max: 10000}, b: {min: 1, max: 1000}", "run_cap: 7")))->size(), 7u);
}

}  // namespace
}  // namespace plasa
