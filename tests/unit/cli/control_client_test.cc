#include "cli/remote/control_client.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "cli/output/exit_code.h"
#include "plasa/v1/control.grpc.pb.h"

namespace plasa::cli {
namespace {

// Answers GetSweep with a fixed status, after looking at the token.
class FakeControl final : public pb::Control::Service {
 public:
  grpc::Status GetSweep(grpc::ServerContext* context, const pb::GetSweepRequest* request,
                        pb::GetSweepReply* reply) override {
    const auto found = context->client_metadata().find("authorization");
    seen_token =
        found == context->client_metadata().end() ? "" : std::string(found->second.data(), found->second.size());
    reply->mutable_sweep()->set_id(request->sweep());
    return answer;
  }

  grpc::Status answer;
  std::string seen_token;
};

class ControlClientTest : public testing::Test {
 protected:
  ControlClientTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&control_);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~ControlClientTest() override { server_->Shutdown(); }

  absl::StatusOr<pb::GetSweepReply> Ask() {
    ControlClient client({address_, "secret", "a test"}, 10);
    pb::GetSweepRequest request;
    request.set_sweep("last");
    return client.GetSweep(request);
  }

  ExitCode ExitFor(grpc::StatusCode code) {
    control_.answer = grpc::Status(code, "said the coordinator");
    return ExitCodeOf(Ask().status());
  }

  FakeControl control_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(ControlClientTest, SendsTheTokenAndReturnsTheReply) {
  const auto reply = Ask();
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->sweep().id(), "last");
  EXPECT_EQ(control_.seen_token, "Bearer secret");
}

TEST_F(ControlClientTest, EachRefusalHasItsExitCode) {
  EXPECT_EQ(ExitFor(grpc::StatusCode::INVALID_ARGUMENT), ExitCode::kUsage);
  EXPECT_EQ(ExitFor(grpc::StatusCode::NOT_FOUND), ExitCode::kNotFound);
  EXPECT_EQ(ExitFor(grpc::StatusCode::UNAUTHENTICATED), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitFor(grpc::StatusCode::PERMISSION_DENIED), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitFor(grpc::StatusCode::ABORTED), ExitCode::kConflict);
  EXPECT_EQ(ExitFor(grpc::StatusCode::RESOURCE_EXHAUSTED), ExitCode::kUnavailable);
  EXPECT_EQ(ExitFor(grpc::StatusCode::INTERNAL), ExitCode::kFailure);
}

TEST_F(ControlClientTest, TheCoordinatorsOwnSentenceIsKept) {
  control_.answer = grpc::Status(grpc::StatusCode::NOT_FOUND, "there is no sweep \"x\"");
  EXPECT_EQ(Ask().status().message(), "there is no sweep \"x\"");
}

TEST_F(ControlClientTest, NobodyThere) {
  server_->Shutdown();
  const absl::Status status = Ask().status();
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kUnavailable);
  EXPECT_NE(status.message().find("no coordinator answers at " + address_), absl::string_view::npos);
  EXPECT_NE(HintOf(status).find("plasactl up"), std::string::npos);
}

TEST(NewRequestId, IsFresh) { EXPECT_NE(NewRequestId(), NewRequestId()); }

}  // namespace
}  // namespace plasa::cli
