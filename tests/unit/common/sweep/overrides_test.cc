#include <gmock/gmock.h>

#include "sweep_text.h"

namespace plasa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kBase =
    "name: base\nmethod: grid\nparameters: {lr: {value: 1}, steps: {values: [1, 2]}}\nplasa: {seeds: 2}\n";

// The cells after these -P options.
std::string CellsWith(const std::vector<std::string>& params) {
  SweepSpec spec = Parsed(kBase);
  if (const Outcome refused = ApplyOverrides(&spec, {params, 0, ""})) return refused->Text();
  return CellsText(spec);
}

TEST(Overrides, OneValueSetsSeveralSweep) {
  EXPECT_EQ(CellsWith({"steps=5"}), R"({"lr":1,"steps":5})");
  EXPECT_EQ(CellsWith({"steps=5", "lr=1e-3,3e-4"}), R"({"lr":0.001,"steps":5} {"lr":3e-04,"steps":5})");
  EXPECT_EQ(CellsWith({"steps=5", "new.one=true"}), R"({"lr":1,"new.one":true,"steps":5})");
}

TEST(Overrides, ValuesAreTypedAsInAFile) {
  EXPECT_EQ(CellsWith({"steps=no"}), R"({"lr":1,"steps":"no"})");
  EXPECT_EQ(CellsWith({"steps=\"1\""}), R"({"lr":1,"steps":"1"})");
  EXPECT_EQ(CellsWith({"steps='a, b'"}), R"({"lr":1,"steps":"a, b"})");
  EXPECT_EQ(CellsWith({"steps=[1,2],[3]"}), R"({"lr":1,"steps":[1,2]} {"lr":1,"steps":[3]})");
  EXPECT_EQ(CellsWith({"steps=x=y"}), R"({"lr":1,"steps":"x=y"})");
  EXPECT_EQ(CellsWith({"steps=~"}), R"({"lr":1,"steps":null})");
}

TEST(Overrides, WhatCannotBeReadNamesTheOption) {
  for (const char* bad : {"steps", "=3", "steps=", "steps=[1", "steps=1]", "steps=\"a", "steps=1\n---\n2", "2x=1"}) {
    EXPECT_THAT(CellsWith({bad}), testing::AnyOf(HasSubstr("-P "), HasSubstr("command line"))) << bad;
    EXPECT_THAT(CellsWith({bad}), testing::Not(HasSubstr("{\"lr\""))) << bad;
  }
}

TEST(Overrides, SeedsAndName) {
  SweepSpec spec = Parsed(kBase);
  EXPECT_FALSE(ApplyOverrides(&spec, {{}, 4, "mine"}));
  EXPECT_THAT(spec.seeds, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(spec.name, "mine");
  EXPECT_EQ(ApplyOverrides(&spec, {{}, -1, ""})->where, "command line");
}

TEST(Overrides, TheCommandLineWinsOverTheFilesSeeds) {
  SweepSpec spec = Parsed(kBase);
  EXPECT_FALSE(ApplyOverrides(&spec, {{"seed=7,8"}, 0, ""}));
  EXPECT_THAT(spec.seeds, ElementsAre(7, 8));
  EXPECT_EQ(SeedsPerCell(spec), 1);
  EXPECT_FALSE(ApplyOverrides(&spec, {{}, 3, ""}));
  EXPECT_THAT(spec.seeds, ElementsAre(1, 2, 3));
  EXPECT_EQ(SeedsPerCell(spec), 3);
}

TEST(Overrides, TheSpecificationIsAsIfWrittenSo) {
  SweepSpec spec = Parsed(kBase);
  EXPECT_FALSE(ApplyOverrides(&spec, {{"steps=5"}, 3, "x"}));
  const SweepSpec written =
      Parsed("name: x\nmethod: grid\nparameters: {lr: {value: 1}, steps: {value: 5}}\nplasa: {seeds: 3}\n");
  EXPECT_EQ(spec.canonical, written.canonical);
  EXPECT_EQ(SweepId(spec), SweepId(written));
}

TEST(Overrides, NothingChangesNothing) {
  SweepSpec spec = Parsed(kBase);
  EXPECT_FALSE(ApplyOverrides(&spec, {}));
  EXPECT_EQ(spec.canonical, Parsed(kBase).canonical);
}

TEST(Overrides, DataAreReplacedWholly) {
  SweepSpec spec = Parsed(Grid("lr: {value: 1}", "job: j\nplasa: {data: {path: here, format: text}}"));
  EXPECT_FALSE(ReplaceData(&spec, Value(Value::Object{{"path", "/abs/here"}, {"format", "text"}})));
  EXPECT_EQ(spec.data.CanonicalJson(), R"({"format":"text","path":"/abs/here"})");
  EXPECT_EQ(spec.remarks.size(), 1u);
  EXPECT_TRUE(ReplaceData(&spec, Value(Value::Object{{"where", "x"}})));
}

TEST(Overrides, ValuesAreReplacedWhereverTheyAreNamed) {
  SweepSpec spec = Parsed(Grid("tokenizer: {values: [a.json, bytes]}, lr: {values: [1, 2]}",
                               "plasa: {exclude: [{tokenizer: a.json, lr: 1}, {tokenizer: [a.json, bytes], lr: 2}]}"));
  const auto prefix = [](const Value& value) { return Value("/abs/" + value.As<std::string>()); };
  EXPECT_FALSE(ReplaceValues(&spec, "tokenizer", prefix));
  EXPECT_FALSE(ReplaceValues(&spec, "nothing", prefix));
  const auto cells = ExpandCells(spec);
  ASSERT_TRUE(cells) << cells.error().Text();
  ASSERT_EQ(cells->size(), 1u);
  EXPECT_EQ(cells->front().at("tokenizer"), Value("/abs/bytes"));
  EXPECT_EQ(cells->front().at("lr"), Value(1));
}

}  // namespace
}  // namespace plasa
