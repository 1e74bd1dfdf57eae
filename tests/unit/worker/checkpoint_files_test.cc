#include "worker/checkpoint_files.h"

#include <gtest/gtest.h>

#include "common/base/sha256.h"
#include "text_files.h"

namespace plasa::worker {
namespace {

class CheckpointFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteText(from_ + "/model.safetensors", "weights");
    WriteText(from_ + "/MANIFEST", "manifest");
    v1::CheckpointFile* file = checkpoint_.add_files();
    file->set_name("model.safetensors");
    file->set_size(7);
    file->set_sha256(Sha256Hex("weights"));
    checkpoint_.set_digest(Sha256Hex("manifest"));
  }

  TempDir temp_;
  const std::string from_ = temp_ / "trial-1/checkpoints/step-5";
  v1::Checkpoint checkpoint_;
};

TEST_F(CheckpointFilesTest, ACompleteOneIsAccepted) { EXPECT_TRUE(VerifyCheckpoint(from_, checkpoint_).ok()); }

TEST_F(CheckpointFilesTest, OneFlippedByteIsRefused) {
  WriteText(from_ + "/model.safetensors", "weighTs");
  EXPECT_TRUE(absl::IsDataLoss(VerifyCheckpoint(from_, checkpoint_)));
}

TEST_F(CheckpointFilesTest, AMissingFileIsRefused) {
  std::filesystem::remove(from_ + "/MANIFEST");
  EXPECT_TRUE(absl::IsDataLoss(VerifyCheckpoint(from_, checkpoint_)));
}

TEST_F(CheckpointFilesTest, IsFoundInAnotherAttemptOfTheSameTrialOnly) {
  EXPECT_EQ(FindCheckpoint(temp_.path(), "trial", checkpoint_), from_);
  EXPECT_EQ(FindCheckpoint(temp_.path(), "other", checkpoint_), std::nullopt);
  const std::string to = temp_ / "trial-2/checkpoints/step-5";
  ASSERT_TRUE(LinkCheckpoint(from_, to, checkpoint_).ok());
  EXPECT_TRUE(VerifyCheckpoint(to, checkpoint_).ok());
}

}  // namespace
}  // namespace plasa::worker
