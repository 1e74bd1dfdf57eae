// Cancelling, and what keeps other sites from doing it.
#include <boost/json.hpp>

#include "test_server.h"

namespace plasa {
namespace {

class ApiWrite : public HttpServerTest {};

TEST_F(ApiWrite, SweepAndTrialAreCanceledByTheirWholeIds) {
  commands.cancel_outcome = CancelOutcome{.canceled = 1, .kept = 2};
  const HttpReply reply = Post("/api/v1/sweeps/toy/cancel");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Json(), boost::json::parse(R"({"v": 1, "canceled": 1, "kept": 2})"));
  EXPECT_EQ(Post("/api/v1/trials/bbbb/cancel").status, 200);
  ASSERT_EQ(commands.canceled.size(), 2u);
  EXPECT_TRUE(commands.canceled[0].is_sweep);
  EXPECT_EQ(commands.canceled[0].id, kSweep);
  EXPECT_FALSE(commands.canceled[1].is_sweep);
  EXPECT_EQ(commands.canceled[1].id, kRunning);
}

TEST_F(ApiWrite, SweepAndTrialAreRetriedByTheirWholeIds) {
  commands.retry_outcome = RetryOutcome{.trials = 2, .requeued = 1};
  const HttpReply reply = Post("/api/v1/sweeps/toy/retry");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Json(), boost::json::parse(R"({"v": 1, "trials": 2, "requeued": 1})"));
  EXPECT_EQ(Post("/api/v1/trials/aaaa/retry").status, 200);
  ASSERT_EQ(commands.retried.size(), 2u);
  EXPECT_TRUE(commands.retried[0].is_sweep);
  EXPECT_EQ(commands.retried[0].id, kSweep);
  EXPECT_FALSE(commands.retried[1].is_sweep);
  EXPECT_EQ(commands.retried[1].id, kDone);
  EXPECT_EQ(Post("/api/v1/sweeps/nonesuch/retry").status, 404);
  EXPECT_EQ(
      Ask("POST", "/api/v1/sweeps/toy/retry", {Bearer(Scope::kRead), "Content-Type: application/json"}, "{}").status,
      403);
  EXPECT_EQ(commands.retried.size(), 2u);
}

TEST_F(ApiWrite, RefusalsOfTheCoreAreSaid) {
  commands.cancel_outcome = absl::ResourceExhaustedError("the disk is full");
  const HttpReply reply = Post("/api/v1/sweeps/toy/cancel");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Json().at("error").at("message"), "the disk is full");
  EXPECT_EQ(Post("/api/v1/sweeps/nonesuch/cancel").status, 404);
}

TEST_F(ApiWrite, ReadingIsNotEnough) {
  const HttpReply reply =
      Ask("POST", "/api/v1/sweeps/toy/cancel", {Bearer(Scope::kRead), "Content-Type: application/json"}, "{}");
  EXPECT_EQ(reply.status, 403);
  EXPECT_TRUE(commands.canceled.empty());
}

TEST_F(ApiWrite, MethodsThatDoNotFitAreRefusedWithTheOneThatDoes) {
  const HttpReply get = Get("/api/v1/sweeps/toy/cancel");
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.Header("allow"), "POST");
  const HttpReply post = Post("/api/v1/sweeps");
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.Header("allow"), "GET, HEAD");
  EXPECT_EQ(Post("/").status, 405);
  EXPECT_EQ(Ask("DELETE", "/api/v1/sweeps/toy", {Bearer(Scope::kAdmin)}).status, 405);
  EXPECT_EQ(Ask("OPTIONS", "/api/v1/sweeps/toy", {"Origin: http://evil.example"}).status, 405);
}

// With a session's cookie, as a browser sends it whoever made it send.
class BrowserPost : public HttpServerTest {
 protected:
  HttpReply PostWith(std::vector<std::string> headers) {
    if (cookie_.empty()) {
      const std::string set = Ask("GET", "/login?link=" + auth.CreateLink(Scope::kSubmit)).Header("set-cookie");
      cookie_ = "Cookie: " + set.substr(0, set.find(';'));
    }
    headers.push_back(cookie_);
    return Ask("POST", "/api/v1/sweeps/toy/cancel", headers, "{}");
  }

 private:
  std::string cookie_;
};

TEST_F(BrowserPost, OfItsOwnPageIsAccepted) {
  EXPECT_EQ(PostWith({"Origin: http://localhost", "Content-Type: application/json; charset=utf-8"}).status, 200);
  EXPECT_EQ(commands.canceled.size(), 1u);
}

TEST_F(BrowserPost, OfAnotherSiteIsRefused) {
  const std::string json = "Content-Type: application/json";
  EXPECT_EQ(PostWith({json}).status, 403);
  EXPECT_EQ(PostWith({json, "Origin: null"}).status, 403);
  EXPECT_EQ(PostWith({json, "Origin: http://evil.example"}).status, 403);
  EXPECT_EQ(PostWith({json, "Origin: http://localhost:81"}).status, 403);
  EXPECT_EQ(PostWith({json, "Origin: http://localhost.evil.example"}).status, 403);
  EXPECT_TRUE(commands.canceled.empty());
}

TEST_F(BrowserPost, OfAFormIsRefused) {
  EXPECT_EQ(PostWith({"Origin: http://localhost", "Content-Type: text/plain"}).status, 415);
  EXPECT_EQ(PostWith({"Origin: http://localhost", "Content-Type: application/x-www-form-urlencoded"}).status, 415);
  EXPECT_EQ(PostWith({"Origin: http://localhost"}).status, 415);
  EXPECT_TRUE(commands.canceled.empty());
}

TEST_F(BrowserPost, CannotTradeTheOriginForAnAuthorizationThatIsNone) {
  EXPECT_EQ(PostWith({"Content-Type: application/json", "Authorization: Bearer nonesuch"}).status, 401);
  EXPECT_EQ(PostWith({"Content-Type: application/json", "Authorization: Basic YTpi"}).status, 401);
  EXPECT_TRUE(commands.canceled.empty());
}

}  // namespace
}  // namespace plasa
