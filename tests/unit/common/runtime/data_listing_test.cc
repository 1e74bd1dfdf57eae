// Listings of data packages: what they say, and what no listing may say.
#include "common/runtime/data_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/plain_path.h"
#include "common/base/sha256.h"

namespace plasa {
namespace {

using ::testing::HasSubstr;

const std::string kDigest = Sha256Hex("x");

std::string One(const std::string& name, const std::string& size = "1", const std::string& digest = kDigest) {
  return absl::StrCat(R"({"name":")", name, R"(","size":)", size, R"(,"sha256":")", digest, "\"}");
}

std::string Listing(const std::string& files, const std::string& file = "") {
  return absl::StrCat(R"({"v":1,"file":")", file, R"(","files":[)", files, "]}");
}

TEST(DataListing, GivesItselfBack) {
  const DataListing listing{"b/c.bin", {{"a.txt", 7, kDigest}, {"b/c.bin", 0, kDigest}}};
  const auto read = ParseListing(ListingText(listing));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->file, "b/c.bin");
  EXPECT_EQ(read->files.at(0).size, 7u);
  EXPECT_EQ(ListingText(*read), ListingText(listing));
}

TEST(DataListing, RefusesWhatIsNone) {
  const auto refused = [](const std::string& text) { return std::string(ParseListing(text).status().message()); };
  EXPECT_THAT(refused("rubbish"), HasSubstr("none of this version"));
  EXPECT_THAT(refused(Listing("")), HasSubstr("names no file"));
  EXPECT_THAT(refused(Listing(One("../x"))), HasSubstr("leaves its folder"));
  EXPECT_THAT(refused(Listing(One("a", "-1"))), HasSubstr("lacks size or sha256 of a"));
  EXPECT_THAT(refused(Listing(One("a", "1", "ABC"))), HasSubstr("lacks size or sha256 of a"));
  EXPECT_THAT(refused(Listing(One("b") + "," + One("a"))), HasSubstr("not ordered"));
  EXPECT_THAT(refused(Listing(One("a") + "," + One("a"))), HasSubstr("not ordered"));
  EXPECT_THAT(refused(Listing(One("a"), "b")), HasSubstr("does not name"));
}

TEST(DataListing, NamesAtMostTenThousandFiles) {
  std::string files;
  for (size_t i = 0; i <= kMostDataFiles; ++i)
    absl::StrAppend(&files, i == 0 ? "" : ",", One(absl::StrCat(1'000'000 + i)));
  EXPECT_THAT(std::string(ParseListing(Listing(files)).status().message()), HasSubstr("more than"));
}

TEST(IsPlainPath, NoPathLeavesItsDirectory) {
  EXPECT_FALSE(IsPlainPath("../x"));
  EXPECT_FALSE(IsPlainPath("/etc/passwd"));
  EXPECT_FALSE(IsPlainPath("a//b"));
  EXPECT_FALSE(IsPlainPath("a/../b"));
  EXPECT_FALSE(IsPlainPath(""));
  EXPECT_FALSE(IsPlainPath("a/.hidden"));
  EXPECT_TRUE(IsPlainPath("checkpoints/step-50"));
}

}  // namespace
}  // namespace plasa
