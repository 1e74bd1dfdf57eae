#include "common/runtime/listen_address.h"

#include <gtest/gtest.h>

namespace plasa {
namespace {

void ExpectAddress(const char* text, const char* host, int http, int grpc) {
  const auto address = ParseListenAddress(text);
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->host, host);
  EXPECT_EQ(address->http_port, http);
  EXPECT_EQ(address->grpc_port, grpc);
}

TEST(ListenAddress, TakesHostAndPorts) {
  ExpectAddress("127.0.0.1", "127.0.0.1", 7311, 7312);
  ExpectAddress("localhost:80", "localhost", 80, 7312);
  ExpectAddress("127.0.0.1:80:81", "127.0.0.1", 80, 81);
  ExpectAddress("127.0.0.1:0", "127.0.0.1", 0, 0);
  ExpectAddress("[::1]:80:81", "::1", 80, 81);
}

TEST(ListenAddress, RefusesRubbishWithASentence) {
  for (const char* text :
       {"", ":80", "[::1", "::1", "h:x", "h:70000", "h:-1", "h:1:2:3", "[::1]80", "h:1:", "[[::1]", "a]:1"}) {
    const auto address = ParseListenAddress(text);
    EXPECT_TRUE(absl::IsInvalidArgument(address.status())) << text;
    EXPECT_NE(address.status().message().find("--listen"), std::string::npos) << text;
  }
}

TEST(ListenAddress, KnowsLoopback) {
  EXPECT_TRUE(ListenAddress().IsLoopback());
  EXPECT_TRUE(ParseListenAddress("[::1]")->IsLoopback());
  EXPECT_FALSE(ParseListenAddress("0.0.0.0")->IsLoopback());
  EXPECT_EQ(HostPort("::1", 5), "[::1]:5");
  EXPECT_EQ(HostPort("127.0.0.1", 5), "127.0.0.1:5");
}

}  // namespace
}  // namespace plasa
