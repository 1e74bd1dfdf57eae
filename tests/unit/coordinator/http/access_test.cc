// Who gets in: tokens, links, sessions, and what is open to all.
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <boost/json.hpp>

#include "test_server.h"

namespace plasa {
namespace {

class Access : public HttpServerTest {
 protected:
  // The session's cookie as a browser would send it.
  std::string CookieOf(const HttpReply& reply) {
    const std::string set = reply.Header("set-cookie");
    return "Cookie: other=1; " + set.substr(0, set.find(';'));
  }
};

TEST_F(Access, TheApiIsClosedToStrangers) {
  for (const char* target :
       {"/api/v1/info", "/api/v1/sweeps", "/api/v1/sweeps/toy", "/api/v1/sweeps/toy/curves", "/api/v1/trials/aaaa",
        "/api/v1/trials/aaaa/metrics", "/api/v1/trials/aaaa/log", "/api/v1/workers", "/api/v1/stream"}) {
    const HttpReply reply = Ask("GET", target);
    EXPECT_EQ(reply.status, 401) << target;
    EXPECT_EQ(reply.Json().at("error").at("code"), "UNAUTHENTICATED") << target;
    EXPECT_EQ(Ask("GET", target, {"Authorization: Bearer nonesuch"}).status, 401) << target;
  }
}

TEST_F(Access, TokensOpenWhatTheirScopeSays) {
  for (const Scope scope : {Scope::kRead, Scope::kSubmit, Scope::kAdmin})
    EXPECT_EQ(Ask("GET", "/api/v1/sweeps", {Bearer(scope)}).status, 200);
  for (const Scope scope : {Scope::kWorker, Scope::kMetrics})
    EXPECT_EQ(Ask("GET", "/api/v1/sweeps", {Bearer(scope)}).status, 403);
}

TEST_F(Access, HealthAndTheDashboardsFilesAreOpen) {
  const HttpReply health = Ask("GET", "/healthz");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.body, "ok");
  EXPECT_EQ(Ask("GET", "/").status, 200);
}

TEST_F(Access, ALinkBecomesASessionOnce) {
  const std::string target = "/login?link=" + auth.CreateLink(Scope::kRead);
  const HttpReply first = Ask("GET", target);
  EXPECT_EQ(first.status, 303);
  EXPECT_EQ(first.Header("location"), "/");
  const std::string cookie = first.Header("set-cookie");
  EXPECT_EQ(cookie.find("plasa_c1u57e2-="), 0u);
  for (const char* attribute : {"; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age="})
    EXPECT_NE(cookie.find(attribute), std::string::npos);
  EXPECT_EQ(Ask("GET", "/api/v1/sweeps", {CookieOf(first)}).status, 200);

  const HttpReply second = Ask("GET", target);
  EXPECT_EQ(second.status, 401);
  EXPECT_EQ(second.Header("set-cookie"), "");
  EXPECT_NE(second.body.find("<title>plasa</title>"), std::string::npos);  // the page that tells what to do
}

TEST_F(Access, AUsedLinkIsForgivenToWhoIsLoggedIn) {
  const HttpReply first = Ask("GET", "/login?link=" + auth.CreateLink(Scope::kRead));
  const HttpReply again = Ask("GET", "/login?link=used", {CookieOf(first)});
  EXPECT_EQ(again.status, 303);
  EXPECT_EQ(again.Header("location"), "/");
}

TEST_F(Access, LookingAtALinkDoesNotUseItUp) {
  const std::string target = "/login?link=" + auth.CreateLink(Scope::kRead);
  EXPECT_EQ(Ask("HEAD", target).status, 405);
  EXPECT_EQ(Ask("GET", target).status, 303);
}

TEST_F(Access, ASessionOfAnotherClusterIsNotThisOnes) {
  HttpReply login = Ask("GET", "/login?link=" + auth.CreateLink(Scope::kRead));
  std::string cookie = CookieOf(login);
  cookie.replace(cookie.find("c1u57e2-"), 8, "00000000");
  EXPECT_EQ(Ask("GET", "/api/v1/sweeps", {cookie}).status, 401);
}

TEST_F(Access, MetricsAreOpenOnLoopback) {
  prometheus::BuildCounter().Name("plasa_test_total").Help("A test.").Register(*registry).Add({}).Increment(3);
  const HttpReply reply = Ask("GET", "/metrics");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(reply.body.find("plasa_test_total 3"), std::string::npos);
}

}  // namespace
}  // namespace plasa
