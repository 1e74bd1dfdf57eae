#include "worker/event_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace plasa::worker {
namespace {

using ::testing::HasSubstr;

TEST(ParseEventLine, MetricsBecomeValuesAndOtherTypesKeepTheLine) {
  const auto metric =
      ParseEventLine(R"({"seq":2,"type":"metric","step":10,"time":5.5,"metrics":{"val/loss":1.25,"lr":1}})", 2);
  ASSERT_TRUE(metric.ok()) << metric.status();
  ASSERT_EQ(metric->metrics_size(), 2);
  EXPECT_EQ(metric->metrics(0).name(), "val/loss");
  EXPECT_EQ(metric->metrics(0).value(), 1.25);
  EXPECT_EQ(metric->step(), 10);
  EXPECT_TRUE(metric->json().empty());
  const std::string start = R"({"seq":1,"type":"start","step":0,"time":5})";
  EXPECT_EQ(ParseEventLine(start, 1)->json(), start);
}

TEST(ParseEventLine, NonFiniteNumbersAreStrings) {
  const auto event = ParseEventLine(R"({"seq":2,"type":"metric","step":1,"metrics":{"a":"NaN","b":"-Infinity"}})", 2);
  ASSERT_TRUE(event.ok());
  EXPECT_TRUE(std::isnan(event->metrics(0).value()));
  EXPECT_EQ(event->metrics(1).value(), -INFINITY);
}

TEST(ParseEventLine, OneMetricMayBeNameAndValue) {
  const auto event = ParseEventLine(R"({"seq":2,"type":"metric","step":1,"name":"loss","value":3})", 2);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->metrics(0).value(), 3);
}

TEST(ParseEventLine, RubbishIsNamed) {
  const auto why = [](const char* line, uint64_t seq) {
    return std::string(ParseEventLine(line, seq).status().message());
  };
  EXPECT_THAT(why("Traceback (most recent call last):", 2), HasSubstr("not a JSON object"));
  EXPECT_THAT(why("[1,2]", 2), HasSubstr("not a JSON object"));
  EXPECT_THAT(why(R"({"seq":3,"type":"note"})", 2), HasSubstr("should be 2"));
  EXPECT_THAT(why(R"({"seq":2,"type":"bogus"})", 2), HasSubstr("bogus"));
  EXPECT_THAT(why(R"({"seq":1,"type":"note"})", 1), HasSubstr("start"));
  EXPECT_THAT(why(R"({"seq":2,"type":"metric","metrics":{"a":"high"}})", 2), HasSubstr("\"a\""));
  EXPECT_THAT(why(R"({"seq":2,"type":"metric"})", 2), HasSubstr("needs"));
  EXPECT_THAT(why(R"({"seq":2,"type":"note","step":-1})", 2), HasSubstr("negative"));
}

TEST(ParseEventLine, DeepNestingAndEndlessLinesAreRefused) {
  EXPECT_FALSE(ParseEventLine(std::string(100'000, '['), 2).ok());
  EXPECT_FALSE(ParseEventLine(std::string(kMaxEventLineBytes + 1, ' '), 2).ok());
}

TEST(ParseCheckpoint, ReadsWhatTheTrainerAnnounces) {
  const std::string digest(64, 'a');
  const auto local = ParseCheckpoint(
      R"({"type":"checkpoint","step":50,"path":"checkpoints/step-50","digest":")" + digest +
      R"(","events_seq":31,"files":[{"name":"model.safetensors","size":9,"sha256":")" + digest + R"("}]})");
  ASSERT_TRUE(local.ok()) << local.status();
  EXPECT_EQ(local->path, "checkpoints/step-50");
  EXPECT_EQ(local->checkpoint.events_seq(), 31u);
  EXPECT_EQ(local->checkpoint.files(0).size(), 9u);
}

}  // namespace
}  // namespace plasa::worker
