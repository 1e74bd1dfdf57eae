#include "cli/up/daemon.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cli/remote/state_dir.h"
#include "cli/up/supervisor.h"
#include "temp_dir.h"

namespace plasa::cli {
namespace {

class DaemonTest : public testing::Test {
 protected:
  DaemonSpec Spec(const std::string& script) {
    return {"daemon", {"/bin/sh", "-c", script}, dir_.path() / "log", dir_.path() / "pid"};
  }

  // Blocks until the process ended.
  static void AwaitEnd(Daemon& daemon) {
    pollfd ended{daemon.pidfd(), POLLIN, 0};
    poll(&ended, 1, 60000);
    ASSERT_FALSE(daemon.Running());
  }

  TempDir dir_;
};

TEST_F(DaemonTest, ReportsItsExitCodeAndLog) {
  Daemon daemon(Spec("echo port in use; exit 5"));
  ASSERT_TRUE(daemon.Start().ok());
  AwaitEnd(daemon);
  EXPECT_EQ(daemon.exit_code(), 5);
  EXPECT_EQ(daemon.ending(), "exit code 5");
  EXPECT_EQ(daemon.LogTail(), "port in use\n");
}

TEST_F(DaemonTest, RunsInASessionOfItsOwn) {
  Daemon daemon(Spec("exec sleep 1000"));
  ASSERT_TRUE(daemon.Start().ok());
  EXPECT_EQ(getsid(daemon.pid()), daemon.pid());
  daemon.Signal(SIGKILL);
  AwaitEnd(daemon);
  EXPECT_EQ(daemon.ending(), "signal 9");
}

TEST_F(DaemonTest, ALivingOneIsAdopted) {
  Daemon first(Spec("exec sleep 1000"));
  ASSERT_TRUE(first.AdoptOrStart().ok());
  Daemon second(Spec("exec sleep 1000"));
  ASSERT_TRUE(second.AdoptOrStart().ok());
  EXPECT_FALSE(first.adopted());
  EXPECT_TRUE(second.adopted());
  EXPECT_EQ(second.pid(), first.pid());
  second.Signal(SIGKILL);
  AwaitEnd(first);
  Daemon third(Spec("exec sleep 1000"));
  ASSERT_TRUE(third.AdoptOrStart().ok());
  EXPECT_FALSE(third.adopted());
  third.Signal(SIGKILL);
  AwaitEnd(third);
}

TEST_F(DaemonTest, RevivalWaitsLongerEachTime) {
  Daemon daemon(Spec("exit 1"));
  ASSERT_TRUE(daemon.Start().ok());
  std::vector<std::string> said;
  const Say say = [&said](const std::string& text) { said.push_back(text); };
  Revival revival(&daemon);
  AwaitEnd(daemon);
  revival.Tend(100, say);
  EXPECT_EQ(said.back(), "the daemon died (exit code 1); starting it again in 0.5 s");
  revival.Tend(100.4, say);
  EXPECT_EQ(said.size(), 1u);
  revival.Tend(100.6, say);
  EXPECT_EQ(said.size(), 2u);
  AwaitEnd(daemon);
  revival.Tend(101, say);
  EXPECT_EQ(said.back(), "the daemon died (exit code 1); starting it again in 1 s");
}

}  // namespace
}  // namespace plasa::cli
