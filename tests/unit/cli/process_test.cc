#include "cli/up/process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/remote/state_dir.h"
#include "temp_dir.h"

namespace plasa::cli {
namespace {

TEST(Process, KnowsItself) {
  const auto self = IdentifyProcess(getpid());
  ASSERT_TRUE(self.has_value());
  EXPECT_EQ(self->pid, getpid());
  EXPECT_GT(self->start_time, 0u);
  EXPECT_FALSE(IdentifyProcess(0x3FFFFFFF).has_value());
}

TEST(PidFile, NamesAProcessOnlyWhileThatVeryProcessLives) {
  TempDir dir;
  ProcessIdentity self = *IdentifyProcess(getpid());
  ASSERT_TRUE(WritePidFile(dir.path() / "pid", self).ok());
  EXPECT_EQ(ReadPidFile(dir.path() / "pid"), self);
  ++self.start_time;  // another process had this number
  ASSERT_TRUE(WritePidFile(dir.path() / "pid", self).ok());
  EXPECT_FALSE(ReadPidFile(dir.path() / "pid").has_value());
  ASSERT_TRUE(WriteFile(dir.path() / "pid", "rubbish").ok());
  EXPECT_FALSE(ReadPidFile(dir.path() / "pid").has_value());
}

TEST(SignalProcess, ReachesThatVeryProcessOnly) {
  TempDir dir;
  const ProcessIdentity sleeper = *Spawn({"/bin/sleep", "1000"}, dir.path() / "log");
  EXPECT_FALSE(SignalProcess({sleeper.pid, sleeper.start_time + 1}, SIGKILL)) << "another process of that number";
  EXPECT_TRUE(IdentifyProcess(sleeper.pid).has_value());
  EXPECT_TRUE(SignalProcess(sleeper, SIGKILL));
  int status = 0;
  EXPECT_EQ(waitpid(sleeper.pid, &status, 0), sleeper.pid);
  EXPECT_FALSE(SignalProcess(sleeper, SIGKILL));
}

TEST(EndChildren, ReachesWhatTheyStartedInSessionsOfTheirOwn) {
  TempDir dir;
  AdoptOrphans();
  const std::string script = absl::StrCat("setsid sleep 1000 & echo $! > ", dir / "tmp", "; mv ", dir / "tmp", " ",
                                          dir / "pid", "; exec sleep 1000");
  const ProcessIdentity child = *Spawn({"/bin/sh", "-c", script}, dir.path() / "log");
  while (!std::filesystem::exists(dir / "pid")) poll(nullptr, 0, 5);
  const int grandchild = std::stoi(*ReadFile(dir / "pid"));
  EXPECT_TRUE(IdentifyProcess(grandchild).has_value());
  EndChildren();
  EXPECT_FALSE(IdentifyProcess(child.pid).has_value());
  EXPECT_FALSE(IdentifyProcess(grandchild).has_value());
}

TEST(FileLock, OnlyOneHolder) {
  TempDir dir;
  {
    const auto first = FileLock::Take(dir.path() / "lock");
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(ExitCodeOf(FileLock::Take(dir.path() / "lock").status()), ExitCode::kConflict);
  }
  EXPECT_TRUE(FileLock::Take(dir.path() / "lock").ok());
}

TEST(FileLock, AnImpossiblePlaceIsNotAllowed) {
  EXPECT_EQ(ExitCodeOf(FileLock::Take("/proc/no/such/lock").status()), ExitCode::kNotAllowed);
}

TEST(Spawn, SaysWhatCannotBeStarted) {
  TempDir dir;
  const auto process = Spawn({"/no/such/program"}, dir.path() / "log");
  ASSERT_FALSE(process.ok());
  EXPECT_NE(process.status().message().find("/no/such/program"), absl::string_view::npos);
}

}  // namespace
}  // namespace plasa::cli
