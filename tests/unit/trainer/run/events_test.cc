#include "trainer/events.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "temp_dir.h"
#include "trainer/data/text.h"
#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

std::vector<Value> Lines(const TempDir& dir) {
  std::istringstream in(*ReadWholeFile(dir.path() / "events.jsonl"));
  std::vector<Value> events;
  for (std::string line; std::getline(in, line);) events.push_back(*ParseJson(line, "events.jsonl"));
  return events;
}

TEST(EventLog, NumbersEventsFromOne) {
  const TempDir dir;
  auto log = EventLog::Open(dir.path());
  ASSERT_TRUE(log) << log.error().Text();
  log->Note(0, "hello");
  log->Metrics(3, {{"train/loss", 2.5}});
  EXPECT_EQ(log->last_seq(), 2);
  const auto events = Lines(dir);
  ASSERT_EQ(events.size(), 2u);
  const auto& second = events[1].As<Value::Object>();
  EXPECT_EQ(second.at("seq"), Value(2));
  EXPECT_EQ(second.at("step"), Value(3));
  EXPECT_EQ(second.at("type"), Value("metric"));
  EXPECT_GT(second.at("time").Number(), 1.6e9);
  EXPECT_EQ(second.at("metrics"), Value(Value::Object{{"train/loss", 2.5}}));
}

TEST(EventLog, WritesNonFiniteNumbersAsText) {
  const TempDir dir;
  auto log = EventLog::Open(dir.path());
  log->Metrics(1, {{"a", std::nan("")},
                   {"b", std::numeric_limits<double>::infinity()},
                   {"c", -std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(Lines(dir)[0].As<Value::Object>().at("metrics"),
            Value(Value::Object{{"a", "NaN"}, {"b", "Infinity"}, {"c", "-Infinity"}}));
}

TEST(EventLog, RefusesAFileOfAnotherAttempt) {
  const TempDir dir;
  dir.Write("events.jsonl", "");
  EXPECT_TRUE(EventLog::Open(dir.path())) << "the worker makes an empty one";
  dir.Write("events.jsonl", "{\"seq\":1}\n");
  EXPECT_FALSE(EventLog::Open(dir.path()));
  EXPECT_FALSE(EventLog::Open(dir.path() / "missing"));
}

}  // namespace
}  // namespace plasa::trainer
