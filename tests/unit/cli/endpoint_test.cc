#include "cli/remote/endpoint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/remote/state_dir.h"
#include "temp_dir.h"

namespace plasa::cli {
namespace {

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() {
    unsetenv("PLASA_STATE");
    unsetenv("PLASA_COORDINATOR");
    unsetenv("PLASA_TOKEN_FILE");
  }

  void Serve(int pid) {
    const std::string json =
        absl::StrCat(R"({"v":1,"http":"http://127.0.0.1:1","grpc":"127.0.0.1:2","pid":)", pid, "}");
    ASSERT_TRUE(WriteFile(dir_.path() / "endpoints.json", json).ok());
    ASSERT_TRUE(WriteFile(dir_.path() / "tokens" / "admin", "secret\n").ok());
  }

  CoordinatorFlags State() { return {dir_.path().string(), "", ""}; }

  TempDir dir_;
};

TEST_F(EndpointTest, FromTheStateDirectory) {
  Serve(getpid());
  const auto endpoint = FindEndpoint(State());
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_EQ(endpoint->address, "127.0.0.1:2");
  EXPECT_EQ(endpoint->token, "secret");
}

TEST_F(EndpointTest, FromTheEnvironment) {
  Serve(getpid());
  setenv("PLASA_STATE", dir_.path().c_str(), 1);
  EXPECT_TRUE(FindEndpoint({}).ok());
}

TEST_F(EndpointTest, OfAStateWhateverTheEnvironmentSays) {
  Serve(getpid());
  setenv("PLASA_COORDINATOR", "elsewhere:1", 1);
  setenv("PLASA_TOKEN_FILE", "/no/such/file", 1);
  const auto endpoint = EndpointOfState(dir_.path());
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_EQ(endpoint->address, "127.0.0.1:2");
  EXPECT_EQ(endpoint->token, "secret");
  Serve(0);
  EXPECT_EQ(ExitCodeOf(EndpointOfState(dir_.path()).status()), ExitCode::kUnavailable);
}

TEST_F(EndpointTest, NoCoordinatorEver) {
  const absl::Status status = FindEndpoint(State()).status();
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kUnavailable);
  EXPECT_NE(HintOf(status).find("plasactl up"), std::string::npos);
}

TEST_F(EndpointTest, CoordinatorThatEnded) {
  Serve(0);
  EXPECT_EQ(ExitCodeOf(FindEndpoint(State()).status()), ExitCode::kUnavailable);
}

TEST_F(EndpointTest, DamagedFile) {
  ASSERT_TRUE(WriteFile(dir_.path() / "endpoints.json", "{").ok());
  EXPECT_EQ(ExitCodeOf(FindEndpoint(State()).status()), ExitCode::kUnavailable);
}

TEST_F(EndpointTest, MissingAndEmptyTokens) {
  Serve(getpid());
  std::filesystem::remove(dir_.path() / "tokens" / "admin");
  EXPECT_EQ(ExitCodeOf(FindEndpoint(State()).status()), ExitCode::kNotAllowed);
  ASSERT_TRUE(WriteFile(dir_.path() / "tokens" / "admin", " \n").ok());
  EXPECT_EQ(ExitCodeOf(FindEndpoint(State()).status()), ExitCode::kNotAllowed);
}

// gRPC ends a process that puts anything but printable ASCII into a header.
TEST_F(EndpointTest, FilesThatHoldNoToken) {
  for (const char* text : {"two\nlines\n", "two words", "caf\xC3\xA9", "a\x01z"}) {
    ASSERT_TRUE(WriteFile(dir_.path() / "t", text).ok());
    const absl::Status status = FindEndpoint({"", "host:1", (dir_.path() / "t").string()}).status();
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kNotAllowed) << text;
    EXPECT_NE(status.message().find("holds no token"), absl::string_view::npos) << status;
  }
}

TEST_F(EndpointTest, ACoordinatorElsewhereNeedsATokenFile) {
  EXPECT_EQ(ExitCodeOf(FindEndpoint({"", "host:1", ""}).status()), ExitCode::kNotAllowed);
  ASSERT_TRUE(WriteFile(dir_.path() / "t", "abc").ok());
  const auto endpoint = FindEndpoint({"", "host:1", (dir_.path() / "t").string()});
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  EXPECT_EQ(endpoint->address, "host:1");
  EXPECT_EQ(endpoint->token, "abc");
}

}  // namespace
}  // namespace plasa::cli
