// Requests and replies in JSON over HTTP.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "cli/mlflow/http_url.h"

namespace plasa::cli {

struct JsonReply {
  int status = 0;            // of HTTP
  bool is_json = false;      // whether the body was a JSON object
  boost::json::object body;  // empty where it was not
  std::string text;          // the beginning of the body, for a person
};

// Sends requests to one server, each over a connection of its own, and waits at most `timeout_s` for the whole reply.
// Main thread only. It judges no status and never asks twice: whether a request that got no reply was done is for the
// caller to find out.
class JsonHttp {
 public:
  // `authorization`: the header's value, or "".
  JsonHttp(HttpUrl url, std::string authorization, double timeout_s);

  // `method` is GET or POST, `path` follows the prefix of the URL. UNAVAILABLE or DEADLINE_EXCEEDED where no reply
  // came, with what to do about it.
  [[nodiscard]] absl::StatusOr<JsonReply> Send(const std::string& method, const std::string& path,
                                               const boost::json::object& body) const;

  [[nodiscard]] const HttpUrl& url() const { return url_; }

 private:
  [[nodiscard]] absl::Status NoReply(const std::string& why, bool late) const;

  const HttpUrl url_;
  const std::string authorization_;
  const double timeout_s_;
};

// The Authorization header that MLflow's environment variables ask for: user and password, else a token, else "".
[[nodiscard]] std::string AuthorizationFromEnvironment();

}  // namespace plasa::cli
