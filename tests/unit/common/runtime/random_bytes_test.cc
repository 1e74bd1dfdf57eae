#include "common/runtime/random_bytes.h"

#include <gtest/gtest.h>

namespace plasa {
namespace {

TEST(RandomBytes, HaveTheirLengthAndDiffer) {
  EXPECT_EQ(RandomBytes(1000).size(), 1000u);
  EXPECT_EQ(RandomHex(8).size(), 16u);
  EXPECT_NE(RandomBytes(16), RandomBytes(16));
}

TEST(RandomUuid, HasTheFormOfVersion4) {
  const std::string uuid = RandomUuid();
  ASSERT_EQ(uuid.size(), 36u);
  for (const size_t dash : {8u, 13u, 18u, 23u}) EXPECT_EQ(uuid[dash], '-');
  EXPECT_EQ(uuid[14], '4');
}

}  // namespace
}  // namespace plasa
