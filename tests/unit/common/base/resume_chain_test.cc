#include "common/base/resume_chain.h"

#include <gtest/gtest.h>

#include "common/base/sha256.h"

namespace plasa {
namespace {

// As docs/science.md says it, line by line.
TEST(ResumeChain, IsWhatTheDocumentSays) {
  const std::string first = Sha256Hex("plasa resume certificate 1\nt\nclass\nbuild\ndata\n");
  EXPECT_EQ(FirstResumeLink("t", "class", "build", "data"), first);
  EXPECT_EQ(NextResumeLink(first, 20, "abc"), Sha256Hex(first + "\n20\nabc\n"));
}

}  // namespace
}  // namespace plasa
