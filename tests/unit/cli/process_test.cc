#include "cli/up/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

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
