#include "common/runtime/http_ping.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <future>

#include "common/runtime/listen_address.h"
#include "common/runtime/listen_socket.h"

namespace plasa {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class HttpPing : public testing::Test {
 protected:
  [[nodiscard]] std::string address() const { return HostPort("127.0.0.1", PortOf(listener_.get())); }

  // What comes of a request that a server answers so and closes; the request is kept.
  absl::Status Answered(const std::string& answer) {
    auto server = std::async(std::launch::async, [&] {
      const UniqueFd client(accept(listener_.get(), nullptr, nullptr));
      char bytes[1000];
      const ssize_t got = recv(client.get(), bytes, sizeof bytes, 0);
      request_.assign(bytes, static_cast<size_t>(std::max<ssize_t>(got, 0)));
      send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    });
    const absl::Status status = PingHttp(address(), "/healthz", hours(1));
    server.wait();
    return status;
  }

  UniqueFd listener_ = *OpenListener("127.0.0.1", 0);
  std::string request_;
};

TEST_F(HttpPing, AsksForThePath) {
  EXPECT_TRUE(Answered("HTTP/1.1 200 OK\r\n\r\n").ok());
  EXPECT_EQ(request_, "GET /healthz HTTP/1.1\r\nHost: " + address() + "\r\nConnection: close\r\n\r\n");
}

TEST_F(HttpPing, AnotherAnswerIsNamed) {
  EXPECT_EQ(Answered("HTTP/1.1 503 Service Unavailable\r\n\r\n").message(),
            "answered HTTP/1.1 503 Service Unavailable");
  EXPECT_FALSE(Answered("SSH-2.0\r\n").ok());
}

TEST_F(HttpPing, WhoTurnsClientsAwayLives) { EXPECT_TRUE(Answered("").ok()); }

TEST_F(HttpPing, ASilentServer) {
  EXPECT_TRUE(absl::IsDeadlineExceeded(PingHttp(address(), "/", milliseconds(1))));  // connected, never accepted
}

TEST_F(HttpPing, NobodyListens) {
  const std::string there = address();
  listener_.Reset(-1);
  EXPECT_TRUE(absl::IsUnavailable(PingHttp(there, "/", hours(1))));
  EXPECT_TRUE(absl::IsUnavailable(PingHttp("127.0.0.1", "/", hours(1)))) << "no port";
}

}  // namespace
}  // namespace plasa
