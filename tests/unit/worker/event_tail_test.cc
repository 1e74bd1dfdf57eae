#include "worker/event_tail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "text_files.h"

namespace plasa::worker {
namespace {

std::string Line(int seq, const std::string& type = "note") {
  return R"({"seq":)" + std::to_string(seq) + R"(,"type":")" + type + R"(","step":0,"time":1,"text":"t)" +
         std::to_string(seq) + "\"}\n";
}

class EventTailTest : public ::testing::Test {
 protected:
  TempDir dir_;
  const std::string path_ = dir_ / "events.jsonl";
  EventTail tail_{path_};
};

TEST_F(EventTailTest, AMissingFileIsAnEmptyOne) {
  EXPECT_TRUE(tail_.Read().ok());
  EXPECT_TRUE(tail_.AtEnd());
  EXPECT_EQ(tail_.last_seq(), 0u);
}

TEST_F(EventTailTest, AFileThatCannotBeReadHasNoEnd) {
  std::filesystem::create_directory(path_);  // opens, and does not read
  EXPECT_TRUE(absl::IsUnavailable(tail_.Read()));
  EXPECT_FALSE(tail_.AtEnd());
  std::filesystem::remove(path_);
  WriteText(path_, Line(1, "start"));
  ASSERT_TRUE(tail_.Read().ok());
  EXPECT_TRUE(tail_.AtEnd());
  EXPECT_EQ(tail_.last_seq(), 1u);
}

TEST_F(EventTailTest, ALineWithoutItsEndIsNotThereYet) {
  const std::string second = Line(2);
  WriteText(path_, Line(1, "start") + second.substr(0, 10));
  ASSERT_TRUE(tail_.Read().ok());
  EXPECT_EQ(tail_.last_seq(), 1u);
  AppendText(path_, second.substr(10));
  ASSERT_TRUE(tail_.Read().ok());
  EXPECT_EQ(tail_.last_seq(), 2u);
  EXPECT_EQ(tail_.last_note(), "t2");
}

TEST_F(EventTailTest, EventsStayUntilAcknowledged) {
  WriteText(path_, Line(1, "start") + Line(2) + Line(3));
  ASSERT_TRUE(tail_.Read().ok());
  v1::ReportRequest first;
  ASSERT_TRUE(tail_.FillBatch(first));
  EXPECT_EQ(first.events_size(), 3);
  tail_.Acknowledge(2);
  v1::ReportRequest second;
  ASSERT_TRUE(tail_.FillBatch(second));
  EXPECT_EQ(second.first_seq(), 3u);
  EXPECT_EQ(second.events_size(), 1);
  tail_.Acknowledge(3);
  v1::ReportRequest none;
  EXPECT_FALSE(tail_.FillBatch(none));
}

TEST_F(EventTailTest, ABadLineIsQuotedAsText) {
  WriteText(path_, Line(1, "start") + "half \xed\xa0\x80 a \xe2\x82\n");
  const absl::Status status = tail_.Read();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("line 2 of events.jsonl"));
  v1::Finished back, finished;
  finished.set_message(std::string(status.message()));
  EXPECT_TRUE(back.ParseFromString(finished.SerializeAsString()));
}

TEST_F(EventTailTest, ACoordinatorThatForgotIsToldAgain) {
  WriteText(path_, Line(1, "start") + Line(2) + Line(3));
  ASSERT_TRUE(tail_.Read().ok());
  tail_.Acknowledge(3);
  tail_.Acknowledge(1);
  ASSERT_TRUE(tail_.Read().ok());
  v1::ReportRequest request;
  ASSERT_TRUE(tail_.FillBatch(request));
  EXPECT_EQ(request.first_seq(), 2u);
  EXPECT_EQ(request.events_size(), 2);
}

TEST_F(EventTailTest, BatchesAndMemoryAreBounded) {
  std::string text = Line(1, "start");
  for (int seq = 2; seq <= 5000; ++seq) text += Line(seq);
  WriteText(path_, text);
  uint64_t acked = 0;
  while (acked < 5000) {
    ASSERT_TRUE(tail_.Read().ok());
    v1::ReportRequest request;
    ASSERT_TRUE(tail_.FillBatch(request));
    ASSERT_LE(request.events_size(), static_cast<int>(EventTail::kMaxBatchEvents));
    ASSERT_EQ(request.first_seq(), acked + 1);
    acked += static_cast<uint64_t>(request.events_size());
    tail_.Acknowledge(acked);
  }
  ASSERT_TRUE(tail_.Read().ok());
  EXPECT_TRUE(tail_.AtEnd());
}

TEST_F(EventTailTest, ABadLineEndsTheFileAndIsNamed) {
  WriteText(path_, Line(1, "start") + "Segmentation fault\n" + Line(2));
  const absl::Status status = tail_.Read();
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("line 2 of events.jsonl"));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("Segmentation fault"));
  EXPECT_EQ(tail_.last_seq(), 1u) << "what came before is still reported";
  EXPECT_TRUE(tail_.AtEnd());
}

}  // namespace
}  // namespace plasa::worker
