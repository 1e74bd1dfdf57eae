// A request and its answer as the handlers see them: no socket, no Beast.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace plasa::http {

enum class Method { kGet, kPost, kOther };

struct Request {
  Method method = Method::kGet;
  bool head = false;                         // a GET whose body nobody wants
  std::vector<std::string> path;             // decoded segments; empty for "/"
  std::map<std::string, std::string> query;  // decoded; the first of equal names
  std::string host;
  std::string origin;
  std::string content_type;
  std::string cookie;
  std::string authorization;
  std::string if_none_match;
  std::string last_event_id;
  bool accepts_gzip = false;
  bool from_loopback = false;
  std::string body;

  [[nodiscard]] std::string Query(const std::string& name) const;  // "" where it is absent
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string_view fixed;  // bytes that live as long as the program; sent when `body` is empty
  std::vector<std::pair<std::string, std::string>> headers;
};

// The connection becomes a stream of server-sent events, going on after `cursor`.
struct StreamStart {
  std::optional<uint64_t> cursor;
};

// An answer that is made later, on the HTTP thread: what a callback on another thread leaves to it.
struct Deferred {
  std::function<Reply()> make;
};

using Answer = std::variant<Reply, StreamStart, Deferred>;
using Done = std::function<void(Answer)>;

// `{"error":{"code","message","hint"}}`.
[[nodiscard]] Reply ErrorReply(int status, std::string_view code, std::string_view message, std::string_view hint = "");

// The path and query of a request line; nullopt when they are malformed, or decode to what is not UTF-8: answers repeat
// them.
struct Target {
  std::vector<std::string> path;
  std::map<std::string, std::string> query;
};
[[nodiscard]] std::optional<Target> ParseTarget(std::string_view text);

// The value of one cookie of a Cookie header; "" where it is absent.
[[nodiscard]] std::string CookieValue(std::string_view header, std::string_view name);

}  // namespace plasa::http
