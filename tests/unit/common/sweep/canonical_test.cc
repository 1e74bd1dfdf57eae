#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "sweep_text.h"

namespace plasa {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

// Parsing the canonical JSON gives the same specification.
void ExpectStable(const SweepSpec& spec) {
  const std::string text = spec.canonical.CanonicalJson();
  const auto again = ParseSweep(text, "canonical");
  ASSERT_TRUE(again.ok()) << again.error().Text() << "\n" << text;
  EXPECT_EQ(again->canonical.CanonicalJson(), text);
  EXPECT_EQ(again->space, spec.space);
  EXPECT_EQ(again->data, spec.data);
  EXPECT_EQ(again->seeds, spec.seeds);
  EXPECT_EQ(again->trainer, spec.trainer);
  EXPECT_EQ(again->limits.lost_after_ms, spec.limits.lost_after_ms);
  EXPECT_EQ(SweepId(*again), SweepId(spec));
  EXPECT_EQ(CellsText(*again), CellsText(spec));
}

TEST(Canonical, BuiltInAndEdgeFiles) {
  int seen = 0;
  for (const char* folder : {"sweeps", "tests/sweeps/edge/files"}) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const auto spec = ParseSweep(ReadText(entry.path()), entry.path().string());
      if (!spec.ok()) continue;
      ExpectStable(*spec);
      ++seen;
    }
  }
  EXPECT_GE(seen, 8);
}

TEST(Canonical, EveryKeyAtOnce) {
  ExpectStable(
      Parsed("name: n\ndescription: d\nprogram: t.py\nmethod: random\nrun_cap: 9\nmetric: {name: m, goal: maximize, "
             "impute_while_running: best}\n"
             "early_terminate: {type: hyperband, max_iter: 27, s: 2, eta: 3.5}\ncommand: [python3, '${args}']\n"
             "parameters: {a: {values: [1.0, 'no', no, null, [1, {k: v}]]}, b: {min: 1.0, max: 2}, c: {distribution: "
             "q_normal}, n: {parameters: {x: {value: yes}}},\n"
             "  w: {values: [1, 2], probabilities: [0.5, 0.5]}, z1: {values: [1, 2]}, z2: {values: [3, 4]}}\n"
             "plasa: {seeds: {count: 3, base: 0}, data: {task: mqar, pairs: 3}, contrasts: exp3, margin: 0.1, "
             "max_seeds: 5, priority: 4, weight: 0.5,\n"
             "  resources: {slots: 3, device: cpu, memory: 1GiB, hardware_class: h}, lost_after: 7s, timeout: 3m, "
             "max_attempts: 9, checkpoints: {every: 9s},\n"
             "  order: shuffle, exclude: [{a: [null, 'no']}, {z1: 1}], zip: [z1, z2], log_rules: {'a.*b': "
             "do_not_retry}, tags: t, notes: \"x\\ny\"}\n"));
}

// A text of anything that may stand in one: control characters, quotes, characters of every length, YAML's own signs.
std::string RandomText(std::mt19937* random) {
  static const std::vector<std::string> pieces = {"a",
                                                  "Z",
                                                  " ",
                                                  "  ",
                                                  "\n",
                                                  "\r\n",
                                                  "\t",
                                                  "\"",
                                                  "'",
                                                  "\\",
                                                  "#",
                                                  ": ",
                                                  "- ",
                                                  "{",
                                                  "]",
                                                  ",",
                                                  "&",
                                                  "*",
                                                  "!",
                                                  "%",
                                                  "@",
                                                  "`",
                                                  "|",
                                                  ">",
                                                  "?",
                                                  "~",
                                                  "null",
                                                  "1e3",
                                                  "\xc3\xa9",
                                                  "\xe2\x80\xa8",
                                                  "\xc2\x85",
                                                  "\xef\xbb\xbf",
                                                  "\xf0\x9f\x98\x80",
                                                  "<<",
                                                  std::string(1, '\0'),
                                                  "\x01",
                                                  "\x1b",
                                                  "\x7f",
                                                  "\\u0041",
                                                  "---",
                                                  "..."};
  std::string text;
  for (size_t n = (*random)() % 8; n > 0; --n) text += pieces[(*random)() % pieces.size()];
  return text;
}

Value RandomValue(std::mt19937* random, int depth) {
  switch ((*random)() % (depth > 0 ? 8 : 6)) {
    case 0:
      return Value();
    case 1:
      return Value((*random)() % 2 == 0);
    case 2:
      return Value(static_cast<int64_t>((*random)()) - (int64_t{1} << 31));
    case 3:
      return Value(std::ldexp(static_cast<double>((*random)()), static_cast<int>((*random)() % 200) - 130));
    case 4:
    case 5:
      return Value(RandomText(random));
    case 6:
      return Value(Value::List{RandomValue(random, depth - 1), RandomValue(random, depth - 1)});
    default:
      return Value(Value::Object{{RandomText(random), RandomValue(random, depth - 1)}});
  }
}

TEST(Canonical, AnyValueSurvives) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    const Value value = RandomValue(&random, 3);
    const Value file(
        Value::Object{{"method", "grid"}, {"parameters", Value::Object{{"x", Value::Object{{"value", value}}}}}});
    const auto spec = ParseSweep(file.CanonicalJson(), "random");
    const bool merges = value.CanonicalJson().find("\"<<") != std::string::npos;
    if (merges && !spec.ok()) continue;
    ASSERT_TRUE(spec.ok()) << spec.error().Text() << "\n" << file.CanonicalJson();
    if (!merges) {
      EXPECT_EQ(spec->space.As<Value::Object>().at("x").As<Value::Object>().at("value"), value);
    }
    ExpectStable(*spec);
  }
}

// Whatever is done to a file, reading it ends, and ends in a specification or in an error that names the file.
TEST(Canonical, DamagedFilesAreReadOrRefused) {
  std::mt19937 random(11);
  const std::string good =
      ReadText("sweeps/exp3.yaml") + ReadText("tests/sweeps/edge/files/e51-nested-distributions.yaml").substr(30);
  static const std::string signs = "{}[]:,-?&*!|>'\"%#\n\t 0aeE.~<\\";
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    for (size_t n = 1 + random() % 6; n > 0; --n) {
      const size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, 1 + random() % 20);
      } else if (random() % 2 == 0) {
        text.insert(at, 1, signs[random() % signs.size()]);
      } else {
        text[at] = signs[random() % signs.size()];
      }
    }
    const auto spec = ParseSweep(text, "f.yaml");
    if (spec.ok()) {
      ExpectStable(*spec);
    } else {
      EXPECT_THAT(spec.error().where, testing::StartsWith("f.yaml"));
    }
  }
}

}  // namespace
}  // namespace plasa
