// Server-sent events over a real connection: cursors, resets, and their number.
#include <boost/json.hpp>

#include "test_server.h"

namespace plasa {
namespace {

class Stream : public HttpServerTest {
 protected:
  // Opens a stream and reads as far as its greeting: what is published later comes on it.
  std::unique_ptr<HttpClient> Open(std::string_view target, std::vector<std::string> headers = {}) {
    Start();
    headers.push_back(Bearer(Scope::kRead));
    auto client = std::make_unique<HttpClient>(port());
    client->Send(RequestText("GET", target, headers));
    const HttpReply head = client->Read();
    EXPECT_EQ(head.status, 200) << head.body;
    EXPECT_EQ(head.Header("content-type"), "text/event-stream");
    EXPECT_EQ(client->ReadUpTo("\n\n"), ": plasa\nretry: 1000\n\n");
    return client;
  }

  // Without a cursor, as far as the event that says where it begins.
  std::unique_ptr<HttpClient> OpenNow() {
    auto client = Open("/api/v1/stream");
    const std::string cursor = std::to_string(live.Cursor());
    EXPECT_EQ(client->ReadUpTo("\n\n"), "id: " + cursor + "\nevent: begin\ndata: {\"cursor\":" + cursor + "}\n\n");
    return client;
  }

  void PublishTrial(const std::string& trial) {
    LiveChange change;
    change.trials = {trial};
    live.Publish(change);
  }

  std::string ChangeOf(const std::string& trial) {
    return "id: " + std::to_string(live.Cursor()) + "\nevent: change\ndata: {\"sweeps\":[],\"trials\":[\"" + trial +
           "\"],\"workers\":false}\n\n";
  }
};

TEST_F(Stream, WithoutACursorBeginsNowAndSaysWhereThatIs) {
  PublishTrial("before");
  const auto stream = OpenNow();
  PublishTrial("after");
  EXPECT_EQ(stream->ReadUpTo("\n\n"), ChangeOf("after"));
}

TEST_F(Stream, GoesOnAfterACursor) {
  PublishTrial("known");
  const uint64_t cursor = live.Cursor();
  PublishTrial("missed");
  EXPECT_EQ(Open("/api/v1/stream?cursor=" + std::to_string(cursor))->ReadUpTo("\n\n"), ChangeOf("missed"));
  // A browser that comes back repeats the old address; the header is the newer word.
  EXPECT_EQ(Open("/api/v1/stream?cursor=1", {"Last-Event-ID: " + std::to_string(cursor)})->ReadUpTo("\n\n"),
            ChangeOf("missed"));
}

TEST_F(Stream, ACursorThatIsTooOldOrOfAnotherLifeMeansReset) {
  const uint64_t cursor = live.Cursor();
  for (int i = 0; i < 6; ++i) PublishTrial("t");  // the feed keeps four
  const std::string reset = "id: " + std::to_string(live.Cursor()) + "\nevent: reset\ndata: {}\n\n";
  for (const std::string& old : {std::to_string(cursor), std::to_string(live.Cursor() + 1), std::string("5"),
                                 std::string("nonsense"), std::string("-1")}) {
    const auto stream = Open("/api/v1/stream?cursor=" + old);
    EXPECT_EQ(stream->ReadUpTo("\n\n"), reset) << old;
  }
  const auto stream = Open("/api/v1/stream?cursor=0");
  EXPECT_EQ(stream->ReadUpTo("\n\n"), reset);
  PublishTrial("next");
  EXPECT_EQ(stream->ReadUpTo("\n\n"), ChangeOf("next"));
}

TEST_F(Stream, PointsComeBeforeTheChangeThatNamesThem) {
  const auto stream = OpenNow();
  LiveChange change;
  change.sweeps = {"s"};
  change.trials = {"t"};
  change.points = {{"s", "t", {{"val/loss", {10, 1.5, 0}}, {"val/loss", {20, std::nan(""), 0}}}}};
  live.Publish(change);
  EXPECT_EQ(stream->ReadUpTo("\n\n"),
            "event: points\ndata: "
            "{\"trial\":\"t\",\"sweep\":\"s\",\"points\":[[\"val/loss\",10,1.5E0],[\"val/loss\",20,\"NaN\"]]}\n\n");
  EXPECT_NE(stream->ReadUpTo("\n\n").find("\"sweeps\":[\"s\"],\"trials\":[\"t\"]"), std::string::npos);
}

TEST_F(Stream, EveryOpenOneGetsEveryChange) {
  const auto first = OpenNow(), second = OpenNow();
  PublishTrial("t");
  EXPECT_EQ(first->ReadUpTo("\n\n"), ChangeOf("t"));
  EXPECT_EQ(second->ReadUpTo("\n\n"), ChangeOf("t"));
}

TEST_F(Stream, AQuietOneIsKeptAwake) {
  options.limits.heartbeat_time = std::chrono::milliseconds(5);
  const auto stream = OpenNow();
  EXPECT_EQ(stream->ReadUpTo("\n\n"), ":\n\n");
  EXPECT_EQ(stream->ReadUpTo("\n\n"), ":\n\n");
}

TEST_F(Stream, MoreThanTheLimitAreRefused) {
  options.limits.streams = 1;
  auto only = Open("/api/v1/stream");
  EXPECT_EQ(Get("/api/v1/stream").status, 503);
}

TEST_F(Stream, EndsWithTheServer) {
  const auto stream = OpenNow();
  Stop();
  EXPECT_TRUE(stream->IsClosed());
}

TEST_F(Stream, IsNotOpenedByLooking) { EXPECT_EQ(Ask("HEAD", "/api/v1/stream", {Bearer(Scope::kRead)}).status, 405); }

}  // namespace
}  // namespace plasa
