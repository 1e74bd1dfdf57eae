// P1 and P8 at the door: an answer comes after its commit, and a full disk degrades to refusal and back.
#include "coordinator/core_loop.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "coordinator/store/database_file.h"
#include "coordinator/store/state_loader.h"
#include "coordinator/store_committer.h"
#include "temp_dir.h"

namespace plasa {
namespace {

constexpr char kSweep[] =
    R"({"name":"s","method":"grid","parameters":{"x":{"values":[1,2]}},"plasa":{"trainer":"steps"}})";

class CoreLoopTest : public testing::Test {
 protected:
  CoreLoopTest()
      : writer_(*store::OpenDatabase(dir_.path()), dir_ / "reserve", {}),
        live_(1),
        metrics_("test"),
        artifacts_(dir_ / "artifacts", 1 << 20),
        committer_(writer_, [this] { return Load(); }),
        loop_({clock_, committer_, live_, metrics_, artifacts_}) {
    loop_.Start(*Load());
  }

  absl::StatusOr<coordinator::State> Load() const {
    store::Queries queries(*store::Connection::OpenReader(store::DatabasePath(dir_.path())));
    return store::LoadState(queries);
  }

  // Calls a command and waits for its answer.
  template <class T, class Call>
  absl::StatusOr<T> Ask(Call call) {
    auto promise = std::make_shared<std::promise<absl::StatusOr<T>>>();
    auto future = promise->get_future();
    call([promise](absl::StatusOr<T> answer) { promise->set_value(std::move(answer)); });
    return future.get();
  }
  absl::StatusOr<SubmitOutcome> Submit() {
    return Ask<SubmitOutcome>([&](auto answer) { loop_.commands().Submit({{}, kSweep}, answer); });
  }

  TempDir dir_;
  RealClock clock_;
  store::Writer writer_;
  LiveFeed live_;
  Metrics metrics_;
  Artifacts artifacts_;
  StoreCommitter committer_;
  CoreLoop loop_;
};

TEST_F(CoreLoopTest, AnAnswerComesAfterItsCommit) {
  const auto submitted = Submit();
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->created, 2u);
  EXPECT_EQ(Load()->trials.size(), 2u);
}

TEST_F(CoreLoopTest, ABadSweepIsRefusedWithoutEffect) {
  const auto refused = Ask<SubmitOutcome>([&](auto answer) { loop_.commands().Submit({{}, "method: grip"}, answer); });
  EXPECT_TRUE(absl::IsInvalidArgument(refused.status()));
  EXPECT_TRUE(Load()->sweeps.empty());
}

TEST_F(CoreLoopTest, AWaitingExchangeIsAnsweredWhenWorkComes) {
  RegisterCommand worker;
  worker.worker_id = "w";
  worker.slots = {{0, {"cpu", "model", 1, "class"}}};
  worker.trainers = {"steps"};
  const auto registered = Ask<RegisterOutcome>([&](auto answer) { loop_.commands().Register(worker, answer); });
  ASSERT_TRUE(registered.ok());
  ExchangeCommand exchange;
  exchange.worker_id = "w";
  exchange.session = registered->session;
  exchange.free_slots = {0};
  exchange.wait_ms = 60'000;
  std::promise<absl::StatusOr<ExchangeOutcome>> granted;
  loop_.commands().Exchange(exchange,
                            [&](absl::StatusOr<ExchangeOutcome> outcome) { granted.set_value(std::move(outcome)); });
  ASSERT_TRUE(Submit().ok());
  const auto outcome = granted.get_future().get();
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(outcome->leases.size(), 1u);
  EXPECT_EQ(Load()->attempts.count(outcome->leases[0].token), 1u) << "a lease that was heard of is durable";
}

TEST_F(CoreLoopTest, AFullDiskRefusesForgetsAndGoesOn) {
  // The reserve cannot be made again while a directory stands in its place: the disk stays "full".
  std::filesystem::create_directory(dir_ / "reserve");
  std::promise<absl::Status> refused;
  writer_.Post({[](store::Queries&) { return absl::ResourceExhaustedError("full"); },
                [&](const absl::Status& status) { refused.set_value(status); }});
  ASSERT_TRUE(absl::IsResourceExhausted(refused.get_future().get()));
  EXPECT_TRUE(absl::IsResourceExhausted(Submit().status()));
  EXPECT_TRUE(absl::IsResourceExhausted(Submit().status())) << "still no room";
  const auto workers = Ask<std::vector<WorkerView>>([&](auto answer) { loop_.commands().Workers(true, answer); });
  EXPECT_TRUE(workers.ok()) << "questions are answered";
  std::filesystem::remove(dir_ / "reserve");
  absl::StatusOr<SubmitOutcome> submitted = Submit();
  while (absl::IsResourceExhausted(submitted.status())) submitted = Submit();
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->created, 2u) << "the refused submission had no effect";
  EXPECT_EQ(Load()->trials.size(), 2u);
}

TEST_F(CoreLoopTest, AProbeIsAnsweredByTheTickAlsoWhenTheDiskIsFull) {
  const auto probe = [this] {
    std::promise<absl::Status> answer;
    loop_.Probe([&](const absl::Status& status) { answer.set_value(status); });
    return answer.get_future().get();
  };
  EXPECT_TRUE(probe().ok());
  std::filesystem::create_directory(dir_ / "reserve");
  std::promise<void> refused;
  writer_.Post({[](store::Queries&) { return absl::ResourceExhaustedError("full"); },
                [&](const absl::Status&) { refused.set_value(); }});
  refused.get_future().wait();
  EXPECT_TRUE(absl::IsResourceExhausted(Submit().status()));
  EXPECT_TRUE(probe().ok());
  loop_.Stop();
  EXPECT_TRUE(absl::IsUnavailable(probe()));
}

TEST_F(CoreLoopTest, StoppingAnswersWhatWaits) {
  loop_.Stop();
  EXPECT_TRUE(absl::IsUnavailable(Submit().status()));
}

}  // namespace
}  // namespace plasa
