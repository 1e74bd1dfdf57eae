// The real plasa-shim with shell scripts as trainers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <optional>
#include <thread>

#include "text_files.h"
#include "worker/attempt_dir.h"
#include "worker/loop.h"
#include "worker/shim/process_identity.h"
#include "worker/shim/words.h"
#include "worker/shim_link.h"

namespace plasa::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Words, AnyBytesTravel) {
  const shim::Words words{"run", "/a dir/with%percent", "line\nbreak", "ü", "", "after an empty one"};
  std::string buffer = shim::JoinWords(words) + "rest";
  const std::optional<std::string> line = shim::TakeLine(buffer);
  ASSERT_TRUE(line);
  EXPECT_EQ(shim::SplitWords(*line), words);
  EXPECT_EQ(buffer, "rest");
  EXPECT_EQ(shim::TakeLine(buffer), std::nullopt);
  EXPECT_EQ(shim::SplitWords("broken%2"), std::nullopt);
  EXPECT_EQ(shim::SplitWords("broken%zz"), std::nullopt);
}

TEST(ProcessIdentity, APidAloneIsNotEnough) {
  std::optional<shim::ProcessIdentity> self = shim::IdentityOf(getpid());
  ASSERT_TRUE(self);
  EXPECT_TRUE(shim::IsAlive(*self));
  shim::ProcessIdentity other = *self;
  other.start_time += 1;
  EXPECT_FALSE(shim::IsAlive(other));
  other = *self;
  other.boot_id = "another";
  EXPECT_FALSE(shim::IsAlive(other));
}

class ShimTest : public ::testing::Test {
 protected:
  void SetUp() override {
    signal(SIGCHLD, SIG_IGN);
    std::filesystem::create_directories(slot_dir_);
    Connect();
  }
  void TearDown() override { link_->Quit(); }

  void Connect() {
    link_ = std::make_unique<ShimLink>(
        loop_, slot_dir_, PLASA_SHIM,
        ShimLink::Handlers{[this](const std::string&, const std::string& reason) { Done("refused " + reason); },
                           [this](const std::string& dir, core::Exit exit) {
                             exit_ = exit;
                             Done("ended " + dir);
                           },
                           [this] { Done("lost"); }});
    ASSERT_TRUE(link_->Connect().ok());
  }

  // Runs a script as the trainer of a new attempt; returns the attempt's directory.
  std::string RunScript(const std::string& body) {
    const std::string dir = dir_ / ("attempt" + std::to_string(++attempts_));
    const std::string script = dir_ / ("script" + std::to_string(attempts_));
    WriteText(script, "#!/bin/sh\n" + body);
    chmod(script.c_str(), 0755);
    std::filesystem::create_directories(dir);
    link_->Run(dir, {script, dir + "/spec.json"});
    return dir;
  }

  void Done(std::string what) {
    last_ = std::move(what);
    loop_.Stop();
  }
  std::string Wait() {
    Loop::TimerId limit = loop_.RunAfter(20'000, [this] { Done("nothing within 20 s"); });
    RunLoop();
    loop_.Cancel(limit);
    return last_;
  }
  // Until `path` is there: written by a trainer that is ready.
  void WaitForFile(const std::string& path) {
    while (!std::filesystem::exists(path)) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  void RunLoop() { loop_.Run(); }

  TempDir dir_;
  const std::string slot_dir_ = dir_ / "slot";
  Loop loop_;
  std::unique_ptr<ShimLink> link_;
  core::Exit exit_;
  std::string last_;
  int attempts_ = 0;
};

TEST_F(ShimTest, RecordsTheExitBeforeItSaysSo) {
  const std::string dir = RunScript("echo hello; exit 3\n");
  EXPECT_EQ(Wait(), "ended " + dir);
  EXPECT_EQ(exit_.code, 3);
  ASSERT_TRUE(ReadExit(dir));
  EXPECT_EQ(ReadExit(dir)->code, 3);
  EXPECT_THAT(ReadText(dir + "/exit.json"), HasSubstr("\"wall_s\":"));
  EXPECT_EQ(ReadText(dir + "/output.log"), "hello\n");
}

TEST_F(ShimTest, AProgramThatIsNotThereIsRefusedWithTheReason) {
  link_->Run(dir_.path(), {"/no/such/program"});
  EXPECT_THAT(Wait(), HasSubstr("No such file"));
}

TEST_F(ShimTest, KillsTheWholeGroupAndSaysWhichSignal) {
  const std::string dir = RunScript("touch ready; sleep 1000\n");
  WaitForFile(dir + "/ready");
  WaitForFile(dir + "/shim.json");
  link_->Signal(SIGKILL);
  EXPECT_EQ(Wait(), "ended " + dir);
  EXPECT_EQ(exit_.signal, SIGKILL);
}

TEST_F(ShimTest, WhatATrainerLeavesBehindIsKilled) {
  const std::string dir =
      RunScript("setsid sh -c 'echo $$ > ../left; exec sleep 1000' &\nwhile ! test -s ../left; do :; done\n");
  EXPECT_EQ(Wait(), "ended " + dir);
  const pid_t left = std::stoi(ReadText(dir_ / "left"));
  EXPECT_FALSE(shim::IdentityOf(left)) << "pid " << left << " still lives";
}

TEST_F(ShimTest, ANewDaemonFindsTheRunningTrainer) {
  const std::string dir = RunScript("touch ready; while ! test -e go; do sleep 0.01; done; exit 7\n");
  WaitForFile(dir + "/ready");
  WaitForFile(dir + "/shim.json");
  const std::optional<shim::ProcessIdentity> trainer = ReadTrainer(dir);
  ASSERT_TRUE(trainer);
  Connect();
  EXPECT_EQ(link_->running_dir(), dir);
  EXPECT_TRUE(shim::IsAlive(*trainer));
  WriteText(dir + "/go", "");
  EXPECT_EQ(Wait(), "ended " + dir);
  EXPECT_EQ(exit_.code, 7);
}

TEST_F(ShimTest, ATrainerDiesWithItsShim) {
  const std::string dir = RunScript("touch ready; exec sleep 1000\n");
  WaitForFile(dir + "/ready");
  WaitForFile(dir + "/shim.json");
  const std::optional<shim::ProcessIdentity> shim = ReadTrainer(slot_dir_);
  const std::optional<shim::ProcessIdentity> trainer = ReadTrainer(dir);
  ASSERT_TRUE(shim && trainer);
  kill(shim->pid, SIGKILL);
  EXPECT_EQ(Wait(), "lost");
  while (shim::IsAlive(*trainer)) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_FALSE(ReadExit(dir));
}

TEST_F(ShimTest, RunsOneAttemptAtATime) {
  const std::string first = RunScript("touch ready; exec sleep 1000\n");
  WaitForFile(first + "/ready");
  RunScript("exit 0\n");
  EXPECT_THAT(Wait(), HasSubstr("busy"));
  link_->Signal(SIGKILL);
  EXPECT_EQ(last_.substr(0, 7), "refused");
}

}  // namespace
}  // namespace plasa::worker
