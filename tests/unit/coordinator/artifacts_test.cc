#include "coordinator/artifacts.h"

#include <gtest/gtest.h>

#include "common/base/sha256.h"
#include "temp_dir.h"

namespace plasa {
namespace {

class ArtifactsTest : public testing::Test {
 protected:
  ArtifactsTest() : artifacts_(dir_ / "artifacts", 1 << 20) { EXPECT_TRUE(artifacts_.Open({}).ok()); }

  // Uploads `text` in chunks of `chunk` bytes from wherever the upload stands.
  absl::Status Upload(const std::string& text, size_t chunk) {
    uint64_t offset = 0;
    for (;;) {
      const auto progress =
          artifacts_.Put(Sha256Hex(text), text.size(), offset, absl::string_view(text).substr(offset, chunk));
      if (!progress.ok()) return progress.status();
      if (progress->complete) return absl::OkStatus();
      offset = progress->next_offset;
    }
  }

  TempDir dir_;
  Artifacts artifacts_;
};

TEST_F(ArtifactsTest, WhatWasUploadedIsReadBack) {
  const std::string text(10'000, 'x');
  ASSERT_TRUE(Upload(text, 777).ok());
  EXPECT_TRUE(artifacts_.Has(Sha256Hex(text), text.size()));
  const auto chunk = artifacts_.Get(Sha256Hex(text), 9'990, 100);
  ASSERT_TRUE(chunk.ok());
  EXPECT_EQ(chunk->data, "xxxxxxxxxx");
  EXPECT_EQ(chunk->size, text.size());
}

TEST_F(ArtifactsTest, AnUploadGoesOnWhereItStopped) {
  const std::string text = "0123456789";
  const std::string digest = Sha256Hex(text);
  ASSERT_EQ(artifacts_.Put(digest, 10, 0, "0123")->next_offset, 4u);
  EXPECT_EQ(artifacts_.Put(digest, 10, 0, "0123")->next_offset, 4u) << "a repeated chunk says where the upload stands";
  Artifacts restarted(dir_ / "artifacts", 1 << 20);
  ASSERT_TRUE(restarted.Open({}).ok());
  EXPECT_EQ(restarted.Put(digest, 10, 9, "9")->next_offset, 4u);
  EXPECT_TRUE(restarted.Put(digest, 10, 4, "456789")->complete);
}

TEST_F(ArtifactsTest, AWrongDigestIsNeverThere) {
  const std::string digest = Sha256Hex("right");
  EXPECT_TRUE(absl::IsDataLoss(artifacts_.Put(digest, 5, 0, "wrong").status()));
  EXPECT_FALSE(artifacts_.Has(digest));
  EXPECT_TRUE(artifacts_.Put(digest, 5, 0, "right")->complete) << "the upload begins again";
}

TEST_F(ArtifactsTest, AnUploadWhoseEndFailedNeedsNoMoreBytes) {
  const std::string text = "0123456789", digest = Sha256Hex(text);
  const auto in_the_way = dir_.Write("artifacts/" + digest.substr(0, 2), "no directory");
  EXPECT_FALSE(artifacts_.Put(digest, 10, 0, text).ok());
  std::filesystem::remove(in_the_way);
  EXPECT_TRUE(artifacts_.Put(digest, 10, 0, text)->complete) << "the same call again, as after a full disk";
  EXPECT_TRUE(artifacts_.Has(digest, 10));
}

TEST_F(ArtifactsTest, ASenderWhoIsWrongAboutTheSizeIsInNobodysWay) {
  const std::string text = "0123456789", digest = Sha256Hex(text);
  ASSERT_EQ(artifacts_.Put(digest, 30, 0, "more bytes than it has")->next_offset, 22u);
  ASSERT_EQ(artifacts_.Put(digest, 10, 0, "0123")->next_offset, 4u);
  EXPECT_TRUE(artifacts_.Put(digest, 10, 4, "456789")->complete);
}

TEST_F(ArtifactsTest, AnEmptyFileIsAFile) {
  EXPECT_TRUE(artifacts_.Put(Sha256Hex(""), 0, 0, "")->complete);
  EXPECT_TRUE(artifacts_.Get(Sha256Hex(""), 0, 1)->data.empty());
  EXPECT_TRUE(absl::IsDataLoss(artifacts_.Put(Sha256Hex("x"), 0, 0, "").status()));
}

TEST_F(ArtifactsTest, NamesThatAreNoDigestsNeverReachTheDisk) {
  for (const std::string name : {"../../etc/passwd", "", "ABCDEF", "0123"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(artifacts_.Put(name, 1, 0, "x").status())) << name;
    EXPECT_TRUE(absl::IsInvalidArgument(artifacts_.Get(name, 0, 1).status())) << name;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(artifacts_.Put(Sha256Hex("x"), 2 << 20, 0, "x").status())) << "above the limit";
  EXPECT_TRUE(absl::IsInvalidArgument(artifacts_.Put(Sha256Hex("x"), 1, 0, "xx").status())) << "beyond its size";
  EXPECT_TRUE(absl::IsInvalidArgument(artifacts_.Put(Sha256Hex("x"), 1, ~0ull, "xx").status())) << "and beyond numbers";
}

TEST_F(ArtifactsTest, OpeningSweepsOrphansAndKeepsWhatIsNamed) {
  ASSERT_TRUE(Upload("named", 9).ok());
  ASSERT_TRUE(Upload("orphan", 9).ok());
  ASSERT_TRUE(artifacts_.Open({Sha256Hex("named")}).ok());
  EXPECT_TRUE(artifacts_.Has(Sha256Hex("named")));
  EXPECT_FALSE(artifacts_.Has(Sha256Hex("orphan")));
}

TEST_F(ArtifactsTest, PinnedFilesAreNotRemoved) {
  ASSERT_TRUE(Upload("pinned", 9).ok());
  const std::string digest = Sha256Hex("pinned");
  artifacts_.Pin({digest});
  artifacts_.Remove({digest});
  EXPECT_TRUE(artifacts_.Has(digest));
  artifacts_.Unpin({digest});
  artifacts_.Remove({digest});
  EXPECT_FALSE(artifacts_.Has(digest));
}

}  // namespace
}  // namespace plasa
