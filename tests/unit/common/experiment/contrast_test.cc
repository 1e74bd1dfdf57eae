#include "common/experiment/contrast.h"

#include <gtest/gtest.h>

namespace plasa {
namespace {

TEST(ParseContrast, ReadsSidesLengthAndMetric) {
  const auto full = ParseContrast("aggressive_middle - uniform_sparse at seq_len=1024 on val/accuracy", "val/loss");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->a, "aggressive_middle");
  EXPECT_EQ(full->b, "uniform_sparse");
  EXPECT_EQ(full->seq_len, 1024);
  EXPECT_EQ(full->metric, "val/accuracy");
  const auto brief = ParseContrast("selector=indexer - selector=random", "val/loss");
  ASSERT_TRUE(brief.ok());
  EXPECT_EQ(brief->b, "selector=random");
  EXPECT_FALSE(brief->seq_len);
  EXPECT_EQ(brief->metric, "val/loss");
}

TEST(ParseContrast, RefusesWhatItCannotRead) {
  for (const char* text : {"a", "a-b", " - b", "a - ", "a - b at 64", "a - b at seq_len=many", "a - b at seq_len=-2"}) {
    const auto contrast = ParseContrast(text, "val/loss");
    ASSERT_FALSE(contrast.ok()) << text;
    EXPECT_NE(contrast.error().mend.find("a - b at seq_len=1024 on val/loss"), std::string::npos);
  }
}

}  // namespace
}  // namespace plasa
