// Addresses and cookies as handlers see them.
#include "coordinator/http/message.h"

#include <gtest/gtest.h>

namespace plasa::http {
namespace {

using Path = std::vector<std::string>;

TEST(ParseTarget, DecodesSegmentsAndQuery) {
  const auto target = ParseTarget("/api/v1/trials/a%2Fb/metrics?name=val%2Floss&points=5&points=6&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, (Path{"api", "v1", "trials", "a/b", "metrics"}));
  EXPECT_EQ(target->query.at("name"), "val/loss");
  EXPECT_EQ(target->query.at("points"), "5");
  EXPECT_EQ(target->query.at("flag"), "");
}

TEST(ParseTarget, EmptySegmentsDoNotCount) {
  EXPECT_EQ(ParseTarget("/")->path, Path{});
  EXPECT_EQ(ParseTarget("//sweeps///x/")->path, (Path{"sweeps", "x"}));
}

TEST(ParseTarget, RefusesWhatIsNoPath) {
  for (const char* text : {"", "x", "/%zz", "/a b", "*", "http://x/", "/a%ff", "/a?b=%c3", "/a?%80"})
    EXPECT_FALSE(ParseTarget(text)) << text;
}

TEST(CookieValue, FindsTheWholeName) {
  EXPECT_EQ(CookieValue("a=1; plasa=x=y; plasa2=z", "plasa"), "x=y");
  EXPECT_EQ(CookieValue("plasa2=z", "plasa"), "");
  EXPECT_EQ(CookieValue("xplasa=z", "plasa"), "");
  EXPECT_EQ(CookieValue("", "plasa"), "");
  EXPECT_EQ(CookieValue("plasa", "plasa"), "");
  EXPECT_EQ(CookieValue(";;  plasa=1", "plasa"), "1");
}

}  // namespace
}  // namespace plasa::http
