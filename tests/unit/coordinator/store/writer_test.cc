// P1: an answer means that the commit is on the disk; a refused group was not written.
#include "coordinator/store/writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "temp_store.h"

namespace plasa::store {
namespace {

WriteJob Insert(const std::string& key, std::promise<absl::Status>* done) {
  return {[key](Queries& queries) { return queries.Run("INSERT INTO meta VALUES (?, 'x')", {absl::string_view(key)}); },
          [done](const absl::Status& status) { done->set_value(status); }};
}

int64_t Count(const TempStore& temp) {
  const auto reader = Connection::OpenReader(DatabasePath(temp.dir()));
  return reader.ok() ? reader->QueryInt("SELECT count(*) FROM meta WHERE key LIKE 'k%'").value_or(-1) : -1;
}

class WriterTest : public testing::Test {
 protected:
  void Start() {
    const std::string reserve = temp_.dir() + "/reserve";
    ASSERT_TRUE(MakeReserve(reserve).ok());
    writer_ = std::make_unique<Writer>(temp_.Open(), reserve, Writer::Hooks{});
  }

  TempStore temp_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, WhatIsAnsweredIsThere) {
  Start();
  std::promise<absl::Status> done;
  writer_->Post(Insert("k1", &done));
  ASSERT_TRUE(done.get_future().get().ok());
  EXPECT_EQ(Count(temp_), 1);
}

TEST_F(WriterTest, AnswersComeInOrder) {
  Start();
  std::vector<int> order;
  std::promise<absl::Status> last;
  for (int i = 0; i < 100; ++i) {
    writer_->Post({{}, [&order, i](const absl::Status&) { order.push_back(i); }});
  }
  writer_->Post({{}, [&](const absl::Status& status) { last.set_value(status); }});
  ASSERT_TRUE(last.get_future().get().ok());
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(WriterTest, AFullDiskIsTriedOnceMoreWithTheReserve) {
  Start();
  int calls = 0;
  std::promise<absl::Status> done;
  writer_->Post({[&calls](Queries& queries) {
                   return ++calls == 1 ? absl::ResourceExhaustedError("full")
                                       : queries.Run("INSERT INTO meta VALUES ('k1', 'x')");
                 },
                 [&](const absl::Status& status) { done.set_value(status); }});
  ASSERT_TRUE(done.get_future().get().ok());
  EXPECT_EQ(calls, 2);
  EXPECT_FALSE(std::filesystem::exists(temp_.dir() + "/reserve"));
}

TEST_F(WriterTest, WhoHoldsTheLockIsWaitedFor) {
  Start();
  int calls = 0;
  std::promise<absl::Status> done;
  writer_->Post({[&calls](Queries& queries) {
                   return ++calls < 3 ? absl::UnavailableError("locked")
                                      : queries.Run("INSERT INTO meta VALUES ('k1', 'x')");
                 },
                 [&](const absl::Status& status) { done.set_value(status); }});
  ASSERT_TRUE(done.get_future().get().ok());
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(Count(temp_), 1);
}

TEST_F(WriterTest, AFullDiskRefusesEverythingUntilItIsTakenUpAgain) {
  Start();
  std::promise<absl::Status> full, after, resumed;
  writer_->Post({[](Queries& queries) {
                   if (absl::Status put = queries.Run("INSERT INTO meta VALUES ('k0', 'x')"); !put.ok()) return put;
                   return absl::ResourceExhaustedError("full");
                 },
                 [&](const absl::Status& status) { full.set_value(status); }});
  EXPECT_TRUE(absl::IsResourceExhausted(full.get_future().get()));
  writer_->Post(Insert("k1", &after));
  EXPECT_TRUE(absl::IsResourceExhausted(after.get_future().get())) << "what came after a refused job may build on it";
  EXPECT_EQ(Count(temp_), 0);
  ASSERT_TRUE(writer_->Resume().ok());
  writer_->Post(Insert("k2", &resumed));
  ASSERT_TRUE(resumed.get_future().get().ok());
  EXPECT_EQ(Count(temp_), 1);
}

TEST_F(WriterTest, EndsWithWhatIsQueuedCommitted) {
  Start();
  std::promise<absl::Status> done;
  writer_->Post(Insert("k1", &done));
  writer_.reset();
  EXPECT_TRUE(done.get_future().get().ok());
  EXPECT_EQ(Count(temp_), 1);
}

using WriterDeathTest = WriterTest;

TEST_F(WriterDeathTest, AnIoErrorEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Start();
        std::promise<absl::Status> done;
        writer_->Post({[](Queries&) { return absl::InternalError("disk I/O error"); },
                       [&](const absl::Status& status) { done.set_value(status); }});
        static_cast<void>(done.get_future().get());
      },
      "cannot write the database");
}

}  // namespace
}  // namespace plasa::store
