// A whole worker daemon in this process, with real shims and shell scripts as trainers, against a fake coordinator.
#include "worker/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "common/base/sha256.h"
#include "fake_fleet.h"
#include "text_files.h"
#include "worker/attempt_dir.h"
#include "worker/grpc_fleet.h"
#include "worker/linux_machine.h"
#include "worker/loop.h"
#include "worker/roster.h"
#include "worker/shim/process_identity.h"
#include "worker/state_dir.h"

namespace plasa::worker {
namespace {

using ::testing::HasSubstr;

// A worker's parts on a thread of their own. Destroying it is what SIGKILL of a daemon leaves: shims and trainers live
// on.
class Worker {
 public:
  Worker(const std::string& state, FakeFleet& coordinator, const std::string& trainer)
      : state_(*StateDir::Open(state)),
        machine_(loop_, state_, PLASA_SHIM),
        fleet_({[&coordinator] { return coordinator.address(); }, [] { return std::string("token"); }}),
        roster_({loop_, fleet_, transfer_, machine_, state_}, MakeSetup(trainer),
                {[this] { session_.Kick(); }, [this](uint64_t session) { session_.OnRefused(session); }}),
        session_({loop_, fleet_, roster_, machine_}, {"test", "0", shim::BootId()},
                 [this](Renewals::OnReply on_reply) {
                   return std::make_unique<Renewer>(fleet_, state_.worker_id(), std::move(on_reply));
                 }),
        thread_([this] {
          roster_.Load();
          session_.Start();
          loop_.Run();
        }) {}
  ~Worker() {
    loop_.Stop();
    thread_.join();
  }
  void QuitShims() {
    loop_.Post([this] { roster_.QuitShims(); });
  }
  void Drain() {
    loop_.Post([this] { session_.BeginLeaving(); });
  }

 private:
  static Roster::Setup MakeSetup(const std::string& trainer) {
    Trainers trainers("");
    EXPECT_TRUE(trainers.Add("script=" + trainer).ok());
    return {PlacesFrom("", 2, 2), std::move(trainers)};
  }

  StateDir state_;
  Loop loop_;
  LinuxMachine machine_;
  GrpcFleet fleet_;
  TransferThread transfer_;
  Roster roster_;
  Session session_;
  std::thread thread_;
};

constexpr const char* kPrelude = R"(#!/bin/sh
say() { printf '%s\n' "$1" >> events.jsonl; }
start() { say '{"seq":1,"type":"start","step":0,"time":1,"checkpoint":null}'; }
result() { say "{\"seq\":$1,\"type\":\"result\",\"step\":9,\"time\":2,\"metrics\":{}}"; }
)";

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override { signal(SIGCHLD, SIG_IGN); }
  void TearDown() override {
    if (worker_) worker_->QuitShims();
    worker_.reset();
  }

  void StartWorker(const std::string& body) {
    WriteText(dir_ / "trainer", kPrelude + body);
    chmod((dir_ / "trainer").c_str(), 0755);
    StartAgain();
  }
  void StartAgain() { worker_ = std::make_unique<Worker>(dir_.path(), coordinator_, dir_ / "trainer"); }

  v1::Lease Lease(uint64_t token, const std::string& trainer = "script") {
    v1::Lease lease;
    lease.set_token(token);
    lease.set_trial("trial" + std::to_string(token));
    lease.set_attempt(1);
    lease.set_trainer(trainer);
    return lease;
  }
  std::string AttemptDir(uint64_t token) {
    return dir_ / ("worker/attempts/trial" + std::to_string(token) + "-" + std::to_string(token));
  }
  pid_t TrainerPid(uint64_t token) { return ReadTrainer(AttemptDir(token)).value_or(shim::ProcessIdentity{}).pid; }
  static void WaitFor(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  FakeFleet coordinator_;
  TempDir dir_;
  std::unique_ptr<Worker> worker_;
};

TEST_F(SessionTest, ATrialIsRunReportedAndFinished) {
  StartWorker("start; echo printed; result 2\n");
  coordinator_.Queue(Lease(1));
  const v1::Finished finished = coordinator_.WaitFinished(1);
  EXPECT_TRUE(finished.succeeded());
  EXPECT_EQ(finished.last_seq(), 2u);
  EXPECT_EQ(finished.log_tail(), "printed\n");
  EXPECT_EQ(coordinator_.Events(1).size(), 2u);
}

TEST_F(SessionTest, ManyTrialsPassThroughTwoSlots) {
  StartWorker("start; result 2\n");
  for (uint64_t token = 1; token <= 60; ++token) coordinator_.Queue(Lease(token));
  for (uint64_t token = 1; token <= 60; ++token) EXPECT_TRUE(coordinator_.WaitFinished(token).succeeded()) << token;
}

TEST_F(SessionTest, RubbishIsACrashThatNamesTheLineAndTheWorkerGoesOn) {
  StartWorker(
      "start; if grep -q '\"token\":1,' spec.json; then echo rubbish >> events.jsonl; sleep 1000; fi; result 2\n");
  coordinator_.Queue(Lease(1));
  const v1::Finished finished = coordinator_.WaitFinished(1);
  EXPECT_EQ(finished.cause(), v1::CAUSE_TRAINER_CRASH);
  EXPECT_THAT(finished.message(), HasSubstr("line 2 of events.jsonl"));
  coordinator_.Queue(Lease(2));
  EXPECT_TRUE(coordinator_.WaitFinished(2).succeeded());
}

TEST_F(SessionTest, AnUnknownTrainerIsAUserError) {
  StartWorker("start\n");
  coordinator_.Queue(Lease(1, "elsewhere"));
  const v1::Finished finished = coordinator_.WaitFinished(1);
  EXPECT_EQ(finished.cause(), v1::CAUSE_USER_ERROR);
  EXPECT_THAT(finished.message(), HasSubstr("--trainer NAME=PATH"));
}

TEST_F(SessionTest, AMachineThatCannotPrepareAnAttemptSaysSoRestsAndGoesOn) {
  std::filesystem::create_directories(dir_ / "worker/attempts");
  WriteText(AttemptDir(1), "in the way");
  coordinator_.Queue(Lease(1));
  coordinator_.Queue(Lease(2));
  StartWorker("start\nresult 2\n");
  EXPECT_EQ(coordinator_.WaitFinished(1).cause(), v1::CAUSE_CONTROL_PLANE);
  EXPECT_TRUE(coordinator_.WaitFinished(2).succeeded());
  EXPECT_EQ(coordinator_.Resent(), 0) << "a lease that came beside a failed one was not said to be held";
}

TEST_F(SessionTest, EventsThatCannotBeReadAreWaitedFor) {
  StartWorker("mv events.jsonl events; mkdir events.jsonl; exit 0\n");
  coordinator_.Queue(Lease(1));
  WaitFor([this] { return ReadExit(AttemptDir(1)).has_value(); });
  coordinator_.WaitRenewals(10);  // it has long heard of the end
  std::filesystem::remove(AttemptDir(1) + "/events.jsonl");
  WriteText(AttemptDir(1) + "/events", R"({"seq":1,"type":"start","step":0,"time":1,"checkpoint":null}
{"seq":2,"type":"result","step":9,"time":2,"metrics":{}}
)");
  std::filesystem::rename(AttemptDir(1) + "/events", AttemptDir(1) + "/events.jsonl");
  const v1::Finished finished = coordinator_.WaitFinished(1);
  EXPECT_TRUE(finished.succeeded()) << finished.message();
  EXPECT_EQ(finished.last_seq(), 2u);
}

TEST_F(SessionTest, ATimeLimitEndsATrainer) {
  StartWorker("start; exec sleep 1000\n");
  v1::Lease lease = Lease(1);
  lease.set_timeout_ms(100);
  coordinator_.Queue(lease);
  EXPECT_EQ(coordinator_.WaitFinished(1).cause(), v1::CAUSE_TIMEOUT);
}

TEST_F(SessionTest, AKilledTrainerIsKilledNotCrashed) {
  StartWorker("start; exec sleep 1000\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  WaitFor([this] { return TrainerPid(1) != 0; });
  kill(TrainerPid(1), SIGKILL);
  EXPECT_EQ(coordinator_.WaitFinished(1).cause(), v1::CAUSE_KILLED);
}

TEST_F(SessionTest, AShimsDeathIsALostWorker) {
  StartWorker("start; exec sleep 1000\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  for (const char* slot : {"0", "1"}) {
    const auto shim = ReadTrainer(dir_ / ("worker/slots/" + std::string(slot)));
    if (shim) kill(shim->pid, SIGKILL);
  }
  EXPECT_EQ(coordinator_.WaitFinished(1).cause(), v1::CAUSE_WORKER_LOST);
  coordinator_.Queue(Lease(2));
  coordinator_.WaitReported(2, 1);
  coordinator_.Cancel(2);
  EXPECT_FALSE(coordinator_.WaitFinished(2).succeeded());
}

TEST_F(SessionTest, ANewDaemonAdoptsTheTrainer) {
  StartWorker("start; while ! test -e go; do sleep 0.01; done; result 2\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  const pid_t pid = TrainerPid(1);
  worker_.reset();
  StartAgain();
  WaitFor([this] { return coordinator_.LastRegister().held_size() == 1; });
  EXPECT_EQ(coordinator_.LastRegister().held(0), 1u);
  EXPECT_EQ(TrainerPid(1), pid);
  EXPECT_TRUE(shim::IdentityOf(pid));
  WriteText(AttemptDir(1) + "/go", "");
  EXPECT_TRUE(coordinator_.WaitFinished(1).succeeded());
  EXPECT_EQ(coordinator_.Events(1).size(), 2u);
}

TEST_F(SessionTest, AnExitWhileNoDaemonLivedIsReported) {
  StartWorker("start; while ! test -e go; do sleep 0.01; done; result 2\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  worker_.reset();
  WriteText(AttemptDir(1) + "/go", "");
  WaitFor([this] { return ReadExit(AttemptDir(1)).has_value(); });
  StartAgain();
  EXPECT_TRUE(coordinator_.WaitFinished(1).succeeded());
}

TEST_F(SessionTest, ARestartedCoordinatorLosesAndDoublesNothing) {
  StartWorker(
      "start; i=2; while ! test -e go; do say "
      "\"{\\\"seq\\\":$i,\\\"type\\\":\\\"metric\\\",\\\"step\\\":$i,\\\"metrics\\\":{\\\"a\\\":1}}\"; "
      "i=$((i+1)); sleep 0.01; done; result $i\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 5);
  coordinator_.Restart();
  coordinator_.WaitReported(1, coordinator_.Events(1).size() + 5);
  WriteText(AttemptDir(1) + "/go", "");
  const v1::Finished finished = coordinator_.WaitFinished(1);
  EXPECT_TRUE(finished.succeeded());
  const std::vector<v1::Event> events = coordinator_.Events(1);
  EXPECT_EQ(events.size(), finished.last_seq());
  for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].seq(), i + 1);
}

TEST_F(SessionTest, AFencedTrainerIsStoppedAndNotReported) {
  StartWorker("start; exec sleep 1000\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  WaitFor([this] { return TrainerPid(1) != 0; });
  coordinator_.Fence(1);
  WaitFor([this] { return std::filesystem::exists(AttemptDir(1) + "/settled"); });
  EXPECT_FALSE(shim::IdentityOf(TrainerPid(1)));
  coordinator_.WaitRenewals(1);
}

TEST_F(SessionTest, ACanceledTrainerIsAskedToLeave) {
  StartWorker("trap 'exit 75' TERM; start; while :; do sleep 0.01; done\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  coordinator_.Cancel(1);
  const v1::Finished finished = coordinator_.WaitFinished(1);
  EXPECT_FALSE(finished.succeeded());
  EXPECT_EQ(finished.cause(), v1::CAUSE_PREEMPTED);
  EXPECT_EQ(ReadExit(AttemptDir(1))->code, 75);
}

TEST_F(SessionTest, LeavingPreemptsTheTrainers) {
  StartWorker("trap 'exit 75' TERM; start; while :; do sleep 0.01; done\n");
  coordinator_.Queue(Lease(1));
  coordinator_.WaitReported(1, 1);
  worker_->Drain();
  EXPECT_EQ(coordinator_.WaitFinished(1).cause(), v1::CAUSE_PREEMPTED);
}

TEST_F(SessionTest, ACheckpointIsPublishedAndResumedFrom) {
  const std::string manifest = "{\"v\":1}\n";
  StartWorker(
      "start; if grep -q '\"resume\":null' spec.json; then mkdir -p checkpoints/step-5; printf weights > "
      "checkpoints/step-5/m; "
      "echo '{\"v\":1}' > checkpoints/step-5/MANIFEST; say '{\"seq\":2,\"type\":\"checkpoint\",\"step\":5,"
      "\"path\":\"checkpoints/step-5\",\"digest\":\"" +
      Sha256Hex(manifest) +
      "\",\"events_seq\":1,"
      "\"files\":[{\"name\":\"m\",\"size\":7,\"sha256\":\"" +
      Sha256Hex("weights") +
      "\"}]}'; exit 1; fi; "
      "cat checkpoints/step-5/m; result 2\n");
  coordinator_.Queue(Lease(1));
  EXPECT_EQ(coordinator_.WaitFinished(1).cause(), v1::CAUSE_TRAINER_CRASH);
  ASSERT_EQ(coordinator_.Published().count(1), 1u) << "published before the end was reported";
  std::filesystem::remove_all(AttemptDir(1) + "/checkpoints");
  v1::Lease again = Lease(2);
  *again.mutable_resume() = coordinator_.Published()[1];
  coordinator_.Queue(again);
  const v1::Finished finished = coordinator_.WaitFinished(2);
  EXPECT_TRUE(finished.succeeded());
  EXPECT_EQ(finished.log_tail(), "weights");
}

}  // namespace
}  // namespace plasa::worker
