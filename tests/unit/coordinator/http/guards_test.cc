// Host names: what stops a page that has its own name point at this machine (DNS rebinding).
#include "coordinator/http/guards.h"

#include "test_server.h"

namespace plasa::http {
namespace {

TEST(HostList, KnowsLoopbackAndWhatItWasTold) {
  const HostList hosts({"Plasa.example", "10.0.0.7", "[fd00::7]"});
  for (const char* host : {"localhost", "LOCALHOST:7311", "127.0.0.1:1", "[::1]:7311", "[::1]", "plasa.example:443",
                           "10.0.0.7", "[FD00::7]:1"}) {
    EXPECT_TRUE(hosts.Allows(host)) << host;
  }
  for (const char* host :
       {"", ":7311", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "[::1", "10.0.0.8"}) {
    EXPECT_FALSE(hosts.Allows(host)) << host;
  }
}

TEST(HostList, AnEmptyNameAllowsNothing) { EXPECT_FALSE(HostList({"", ":80"}).Allows("")); }

class Guarded : public HttpServerTest {
 protected:
  int StatusFor(std::string_view target, std::string_view host) {
    Start();
    HttpClient client(port());
    client.Send(RequestText("GET", target, {Bearer(Scope::kRead)}, "", host));
    return client.Read().status;
  }
};

TEST_F(Guarded, ForeignNamesAreRefusedEverywhereButHealth) {
  for (const char* target : {"/", "/app.js", "/metrics", "/api/v1/sweeps", "/login?link=x"}) {
    EXPECT_EQ(StatusFor(target, "evil.example"), 421) << target;
    EXPECT_EQ(StatusFor(target, ""), 421) << target;
  }
  EXPECT_EQ(StatusFor("/healthz", "10.1.2.3"), 200);
}

TEST_F(Guarded, ConfiguredNamesAreAnswered) {
  options.allowed_hosts = {"plasa.example"};
  EXPECT_EQ(StatusFor("/api/v1/sweeps", "plasa.example:7311"), 200);
  EXPECT_EQ(StatusFor("/api/v1/sweeps", "127.0.0.1:7311"), 200);
}

}  // namespace
}  // namespace plasa::http
