#include "common/runtime/durable_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "common/runtime/file_lock.h"
#include "temp_dir.h"

namespace plasa {
namespace {

TEST(DurableFile, ReplacesTheWholeFileAndLeavesNothingElse) {
  const TempDir dir;
  ASSERT_TRUE(WriteFileDurably(dir / "a", "a longer text").ok());
  ASSERT_TRUE(WriteFileDurably(dir / "a", "short", 0600).ok());
  EXPECT_EQ(*ReadWholeFile(dir / "a"), "short");
  struct stat info {};
  ASSERT_EQ(stat((dir / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(DurableFile, SaysWhichFileAndWhy) {
  const TempDir dir;
  const absl::Status status = WriteFileDurably(dir / "none/a", "text");
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_NE(status.message().find("none/a"), std::string::npos) << status;
  EXPECT_TRUE(absl::IsNotFound(ReadWholeFile(dir / "b").status()));
}

TEST(DurableFile, FullDiskIsResourceExhausted) {
  const absl::Status status = WriteFileDurably("/dev/full/x", "text");
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(absl::IsResourceExhausted(FileError("write", "x", ENOSPC)));
}

TEST(MakeDirectories, IsRepeatableAndRefusesFiles) {
  const TempDir dir;
  EXPECT_TRUE(MakeDirectories(dir / "a/b/c").ok());
  EXPECT_TRUE(MakeDirectories(dir / "a/b/c").ok());
  ASSERT_TRUE(WriteFileDurably(dir / "file", "").ok());
  EXPECT_FALSE(MakeDirectories(dir / "file").ok());
  EXPECT_FALSE(MakeDirectories(dir / "file/below").ok());
}

TEST(FileLock, IsHeldByOneAtATime) {
  const TempDir dir;
  {
    auto first = FileLock::Take(dir / "lock");
    ASSERT_TRUE(first.ok());
    EXPECT_TRUE(absl::IsFailedPrecondition(FileLock::Take(dir / "lock").status()));
  }
  EXPECT_TRUE(FileLock::Take(dir / "lock").ok());
}

}  // namespace
}  // namespace plasa
