// The thread that serves HTTP: sockets, connections and streams. Knows nothing of what is served.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "coordinator/http/handler.h"
#include "coordinator/http/options.h"
#include "coordinator/live.h"

namespace plasa::http {

class HttpLoop {
 public:
  // `handler` and `live` must outlive the loop. The handler is called on the loop's thread.
  HttpLoop(HttpOptions options, Handler& handler, LiveFeed& live);
  ~HttpLoop();  // stops
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  // UNAVAILABLE when the address cannot be bound. Once, and not after Stop.
  [[nodiscard]] absl::Status Start();
  // The port bound; 0 when it does not serve.
  [[nodiscard]] int port() const;
  // Ends every connection and joins the thread. Idempotent.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plasa::http
