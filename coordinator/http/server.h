// The coordinator's HTTP side: JSON API, event stream, /metrics and the dashboard (docs/http-api.md).
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "coordinator/http/options.h"

namespace prometheus {
class Registry;
}

namespace plasa {

class Auth;
class Commands;
class LiveFeed;
namespace store {
class Reader;
class ReadPool;
}  // namespace store

// Owned by the composition; one thread of its own, on which `reader` is used exclusively; what takes longer goes to
// `slow`, a pool of one thread. What it is given must outlive
// it.
class HttpServer {
 public:
  HttpServer(http::HttpOptions options, Commands& commands, store::Reader& reader, store::ReadPool& slow,
             LiveFeed& live, Auth& auth, std::shared_ptr<prometheus::Registry> metrics);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds and serves; once, and not after Stop. UNAVAILABLE when the address cannot be bound; the message says which
  // and why.
  [[nodiscard]] absl::Status Start();
  // The port bound; 0 when it does not serve.
  [[nodiscard]] int port() const;
  // Ends every connection and joins the thread. Idempotent.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plasa
