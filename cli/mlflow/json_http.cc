#include "cli/mlflow/json_http.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstdlib>
#include <exception>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "common/runtime/json.h"

namespace plasa::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

using Request = bhttp::request<bhttp::string_body>;
using Response = bhttp::response<bhttp::string_body>;

constexpr size_t kMostReplyBytes = 64 << 20;
constexpr size_t kShownBytes = 200;

// One connection for one request. Lives on the stack of Send.
class Exchange {
 public:
  explicit Exchange(std::chrono::duration<double> limit)
      : deadline_(std::chrono::steady_clock::now() +
                  std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit)) {
    parser_.body_limit(kMostReplyBytes);
  }

  // Blocks until the reply is there or the time is over.
  beast::error_code Run(const HttpUrl& url, const Request& request) {
    resolver_.async_resolve(url.host, url.port, [&](const beast::error_code& error, Found found) {
      error_ = error;
      if (error) return;
      asio::co_spawn(context_, Talk(std::move(found), request), [](const std::exception_ptr&) {});
    });
    context_.run_until(deadline_ + kLate);
    return context_.stopped() ? error_ : beast::error_code(beast::error::timeout);
  }

  Response TakeReply() { return parser_.release(); }

 private:
  using Found = asio::ip::tcp::resolver::results_type;
  // The stream notices the deadline itself, unless a name is still being looked up.
  static constexpr std::chrono::milliseconds kLate{100};

  auto Catch() { return asio::redirect_error(asio::use_awaitable, error_); }

  asio::awaitable<void> Talk(Found found, const Request& request) {
    stream_.expires_at(deadline_);
    co_await stream_.async_connect(found, Catch());
    if (!error_) co_await bhttp::async_write(stream_, request, Catch());
    if (!error_) co_await bhttp::async_read(stream_, buffer_, parser_, Catch());
    stream_.close();
  }

  const std::chrono::steady_clock::time_point deadline_;
  asio::io_context context_{1};
  asio::ip::tcp::resolver resolver_{context_};
  beast::tcp_stream stream_{context_};
  beast::flat_buffer buffer_;
  bhttp::response_parser<bhttp::string_body> parser_;
  beast::error_code error_;
};

Request RequestOf(const HttpUrl& url, const std::string& authorization, bhttp::verb method, const std::string& path,
                  std::string body) {
  Request request(method, url.prefix + path, 11);
  request.set(bhttp::field::host, url.Authority());
  request.set(bhttp::field::user_agent, "plasactl");
  request.set(bhttp::field::accept, "application/json");
  request.set(bhttp::field::connection, "close");
  if (!authorization.empty()) request.set(bhttp::field::authorization, authorization);
  if (method == bhttp::verb::get) return request;
  request.set(bhttp::field::content_type, "application/json");
  request.body() = std::move(body);
  request.prepare_payload();
  return request;
}

JsonReply ReplyOf(const Response& response) {
  JsonReply reply;
  reply.status = static_cast<int>(response.result_int());
  reply.text = response.body().substr(0, kShownBytes);
  auto body = plasa::ParseJson(response.body());
  reply.is_json = body.ok() && body->is_object();
  if (reply.is_json) reply.body = std::move(body->as_object());
  return reply;
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

JsonHttp::JsonHttp(HttpUrl url, std::string authorization, double timeout_s)
    : url_(std::move(url)), authorization_(std::move(authorization)), timeout_s_(timeout_s) {}

absl::StatusOr<JsonReply> JsonHttp::Send(const std::string& method, const std::string& path,
                                         const boost::json::object& body) const {
  const bhttp::verb verb = bhttp::string_to_verb(method);
  Exchange exchange{std::chrono::duration<double>(timeout_s_)};
  const beast::error_code error =
      exchange.Run(url_, RequestOf(url_, authorization_, verb, path, JsonText(boost::json::value(body))));
  if (error) return NoReply(error.message(), error == beast::error::timeout);
  return ReplyOf(exchange.TakeReply());
}

absl::Status JsonHttp::NoReply(const std::string& why, bool late) const {
  if (late)
    return Failure(absl::StatusCode::kDeadlineExceeded,
                   absl::StrCat(url_.Text(), " did not answer in ", timeout_s_, " s"),
                   "give it more time with --timeout");
  return Failure(absl::StatusCode::kUnavailable, absl::StrCat("no reply from ", url_.Text(), ": ", why),
                 "check that the server runs and that the address is right");
}

std::string AuthorizationFromEnvironment() {
  const std::string user = Environment("MLFLOW_TRACKING_USERNAME"), password = Environment("MLFLOW_TRACKING_PASSWORD");
  if (!user.empty() && !password.empty())
    return absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(user, ":", password)));
  const std::string token = Environment("MLFLOW_TRACKING_TOKEN");
  return token.empty() ? "" : absl::StrCat("Bearer ", token);
}

}  // namespace plasa::cli
