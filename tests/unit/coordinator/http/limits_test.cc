// What careless and hostile clients meet.
#include <boost/json.hpp>

#include "test_server.h"

namespace plasa {
namespace {

class Limits : public HttpServerTest {};

TEST_F(Limits, ALongHeaderIsRefused) {
  const HttpReply reply = Ask("GET", "/healthz", {"X-Long: " + std::string(9000, 'x')});
  EXPECT_EQ(reply.status, 431);
  EXPECT_EQ(reply.Header("connection"), "close");
}

TEST_F(Limits, ALargeBodyIsRefusedAndTheRefusalArrives) {
  const HttpReply reply = Ask("POST", "/api/v1/sweeps/toy/cancel",
                              {Bearer(Scope::kSubmit), "Content-Type: application/json"}, std::string(3 << 20, ' '));
  EXPECT_EQ(reply.status, 413);
}

TEST_F(Limits, NonsenseIsRefused) {
  Start();
  for (const char* text : {"nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02 this is TLS\r\n\r\n"}) {
    HttpClient client(port());
    client.Send(text);
    EXPECT_EQ(client.Read().status, 400) << text;
  }
  EXPECT_EQ(Ask("GET", "/%zz").status, 400);
  EXPECT_EQ(Ask("GET", "http://evil.example/").status, 400);
}

TEST_F(Limits, ACommandThatIsNeverAnsweredIs504) {
  commands.silent = true;
  options.limits.command_time = std::chrono::milliseconds(20);
  EXPECT_EQ(Get("/api/v1/sweeps").status, 504);
  const HttpReply reply = Post("/api/v1/sweeps/toy/cancel");
  EXPECT_EQ(reply.status, 504);
  EXPECT_NE(reply.Json().at("error").at("hint").as_string().find("may still happen"), std::string::npos);
}

TEST_F(Limits, ASilentClientIsLetGo) {
  options.limits.header_time = std::chrono::milliseconds(20);
  Start();
  HttpClient silent(port()), slow(port());
  slow.Send("GET / HT");
  EXPECT_TRUE(silent.IsClosed());
  EXPECT_TRUE(slow.IsClosed());
}

TEST_F(Limits, APeerHasSoManyConnectionsAndNoMore) {
  options.limits.connections_per_peer = 2;
  Start();
  HttpClient first(port()), second(port());
  for (HttpClient* client : {&first, &second}) {
    client->Send(RequestText("GET", "/healthz"));
    EXPECT_EQ(client->Read().status, 200);
  }
  HttpClient third(port());
  EXPECT_TRUE(third.IsClosed());
  first.Send(RequestText("GET", "/healthz"));  // the others go on
  EXPECT_EQ(first.Read().status, 200);
}

TEST_F(Limits, AConnectionServesManyRequestsInTheirOrder) {
  Start();
  HttpClient client(port());
  client.Send(RequestText("GET", "/healthz") + RequestText("GET", "/nonesuch.js") + RequestText("HEAD", "/app.js") +
              RequestText("GET", "/healthz"));
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_EQ(client.Read().status, 404);
  EXPECT_EQ(client.Read(/*head=*/true).status, 200);
  EXPECT_EQ(client.Read().body, "ok");
}

TEST_F(Limits, APortInUseIsNamed) {
  Start();
  options.port = static_cast<uint16_t>(port());
  const absl::Status second = HttpServer(options, commands, reader(), slow(), live, auth, registry).Start();
  EXPECT_TRUE(absl::IsUnavailable(second)) << second;
  EXPECT_NE(second.message().find(std::to_string(port())), std::string::npos);
}

}  // namespace
}  // namespace plasa
