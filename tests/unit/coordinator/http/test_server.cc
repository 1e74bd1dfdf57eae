#include "test_server.h"

#include <prometheus/registry.h>

#include <filesystem>

namespace plasa {
namespace {

std::string MakeDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "plasa-http-XXXXXX").string();
  return mkdtemp(pattern.data());
}

}  // namespace

HttpServerTest::HttpServerTest() : registry(std::make_shared<prometheus::Registry>()), directory_(MakeDirectory()) {
  options.port = 0;
  options.limits.batch_time = std::chrono::milliseconds(1);
  options.identity = {"1.2.3", "c1u57e2-0000", kEpoch};
  WriteTestDatabase(directory_ + "/plasa.db");
  auto reader = store::Reader::Open(directory_ + "/plasa.db");
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (reader.ok()) reader_ = *std::move(reader);
}

HttpServerTest::~HttpServerTest() {
  server_.reset();
  slow_.Stop();
  reader_.reset();
  std::filesystem::remove_all(directory_);
}

void HttpServerTest::Start() {
  if (server_ != nullptr) return;
  ASSERT_TRUE(slow_.Start(directory_ + "/plasa.db").ok());
  server_ = std::make_unique<HttpServer>(options, commands, *reader_, slow_, live, auth, registry);
  const absl::Status started = server_->Start();
  ASSERT_TRUE(started.ok()) << started;
}

HttpReply HttpServerTest::Ask(std::string_view method, std::string_view target, const std::vector<std::string>& headers,
                              std::string_view body) {
  Start();
  HttpClient client(port());
  EXPECT_TRUE(client.Send(RequestText(method, target, headers, body)));
  return client.Read(method == "HEAD");
}

HttpReply HttpServerTest::Get(std::string_view target) { return Ask("GET", target, {Bearer(Scope::kRead)}); }

boost::json::value HttpServerTest::GetJson(std::string_view target) {
  const HttpReply reply = Get(target);
  EXPECT_EQ(reply.status, 200) << target << ": " << reply.body;
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  return reply.Json();
}

HttpReply HttpServerTest::Post(std::string_view target) {
  return Ask("POST", target, {Bearer(Scope::kSubmit), "Content-Type: application/json"}, "{}");
}

std::string HttpServerTest::Bearer(Scope scope) {
  std::string token;
  auth.CreateToken("", scope, "test", [&](const absl::StatusOr<std::string>& made) { token = made.value(); });
  return "Authorization: Bearer " + token;
}

}  // namespace plasa
