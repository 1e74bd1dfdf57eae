// Any bytes as what a client sends, up to the answers, over a small real database: each request is answered once, in
// words, and nobody gets anything that the secret sent with it does not open.
#include <prometheus/registry.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

#include "common/runtime/json.h"
#include "coordinator/http/guards.h"
#include "coordinator/http/incoming.h"
#include "coordinator/http/site.h"
#include "fake_commands.h"
#include "input_folder.h"
#include "test_database.h"

namespace plasa::http {
namespace {

namespace bhttp = boost::beast::http;
using fuzz::Require;

constexpr char kReadSecret[] = "read-secret";  // the seeds carry them
constexpr char kSubmitSecret[] = "submit-secret";
constexpr char kCluster[] = "c1u57e2-0000";
constexpr int kMostRequests = 16;  // of one connection

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t SteadyMs() const override { return 0; }
  [[nodiscard]] double UnixSeconds() const override { return 1.75e9; }
};

HttpOptions OptionsOfTest() {
  HttpOptions options;
  options.identity = {"1.2.3", kCluster, 3};
  options.allowed_hosts = {"plasa.example"};
  return options;
}

std::unique_ptr<store::Reader> OpenDatabaseOfTest() {
  const std::string path = fuzz::InputFolder() / "plasa.db";
  WriteTestDatabase(path);
  return *store::Reader::Open(path);
}

// What a request meets when the socket has been read. Logins add credentials, so an Auth serves one input.
struct Coordinator {
  explicit Coordinator(store::Reader& reader)
      : auth(clock,
             {{Auth::HashOf(kReadSecret), Scope::kRead, "", 0, 0},
              {Auth::HashOf(kSubmitSecret), Scope::kSubmit, "", 0, 0}},
             [](const Credential&, const std::function<void(absl::Status)>& done) { done(absl::OkStatus()); }),
        site(options, commands, reader, slow, live, auth, metrics) {}

  const HttpOptions options = OptionsOfTest();
  StillClock clock;
  FakeCommands commands;
  LiveFeed live{3, /*capacity=*/4};
  std::shared_ptr<prometheus::Registry> metrics = std::make_shared<prometheus::Registry>();
  Auth auth;
  store::ReadPool slow{1, 1};  // not started: what it is asked for is refused at once
  Site site;
};

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void CheckReply(const Reply& reply) {
  Require(reply.status >= 200 && reply.status < 600, "a status of HTTP");
  Require(!HasControl(reply.content_type), "headers are lines");
  for (const auto& [name, value] : reply.headers) Require(!HasControl(name) && !HasControl(value), "headers are lines");
  if (reply.content_type != "application/json" || reply.body.empty()) return;
  const auto body = ParseJson(reply.body);
  Require(body.ok() && body->is_object(), "the API speaks JSON");
  if (reply.status >= 400) Require(body->get_object().contains("error"), "a refusal says what is wrong");
}

bool Holds(const Request& request, const std::string& secret) {
  const std::string cookie = CookieValue(request.cookie, std::string("plasa_") + std::string(kCluster, 8));
  return request.authorization.empty()
             ? cookie == secret
             : request.authorization.size() == secret.size() + 7 && request.authorization.ends_with(secret);
}

void CheckAccess(const Request& request, const Answer& answer, const Coordinator& coordinator) {
  const bool submits = Holds(request, kSubmitSecret), reads = submits || Holds(request, kReadSecret);
  const auto* reply = std::get_if<Reply>(&answer);
  const bool is_api = !request.path.empty() && request.path.front() == "api";
  if (is_api && !reads) Require(reply != nullptr && reply->status >= 400, "the API opens to secrets only");
  if (coordinator.commands.canceled.empty()) return;
  Require(submits && request.method == Method::kPost, "a change needs the right to submit");
  Require(!request.authorization.empty() || !request.origin.empty(), "and comes from a page of ours or a program");
}

void Ask(Coordinator& coordinator, Request request) {
  const Request asked = request;
  int answers = 0;
  Answer answer;
  coordinator.commands.canceled.clear();
  coordinator.site.Handle(std::move(request), [&](Answer given) {
    ++answers;
    answer = std::move(given);
  });
  Require(answers == 1, "each request is answered once");
  CheckAccess(asked, answer, coordinator);
  if (const auto* deferred = std::get_if<Deferred>(&answer)) answer = Answer(deferred->make());
  if (const auto* reply = std::get_if<Reply>(&answer)) CheckReply(*reply);
}

// One request of the bytes as Connection reads it; how many bytes it took, or nothing where the connection ends.
std::optional<size_t> ReadOne(std::string_view bytes, Coordinator& coordinator) {
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(coordinator.options.limits.header_bytes);
  parser.body_limit(coordinator.options.limits.body_bytes);
  parser.eager(true);
  boost::beast::error_code error;
  const size_t taken = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error == bhttp::error::need_more) return std::nullopt;
  if (error) {
    if (const auto refusal = UnreadRefusal(error, coordinator.options.limits)) CheckReply(*refusal);
    return std::nullopt;
  }
  if (!parser.is_done()) return std::nullopt;
  auto message = parser.release();
  auto request = ToRequest(message, /*from_loopback=*/bytes.size() % 2 == 0);
  if (request) Ask(coordinator, std::move(*request));
  return message.keep_alive() && taken > 0 ? std::optional(taken) : std::nullopt;
}

}  // namespace
}  // namespace plasa::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::http;
  static const std::unique_ptr<plasa::store::Reader> reader = OpenDatabaseOfTest();
  Coordinator coordinator(*reader);
  std::string_view bytes = plasa::fuzz::AsText(data, size);
  for (int i = 0; i < kMostRequests && !bytes.empty(); ++i) {
    const auto taken = ReadOne(bytes, coordinator);
    if (!taken) break;
    bytes.remove_prefix(*taken);
  }
  return 0;
}
