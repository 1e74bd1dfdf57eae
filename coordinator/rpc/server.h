// The gRPC side of the coordinator: both services, health and reflection, behind one listener.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "coordinator/rpc/doors.h"

namespace plasa::rpc {

struct RpcOptions {
  std::string host = "127.0.0.1";
  int port = 7312;                      // 0 = any free one
  int max_message_bytes = 4 << 20;      // of a request
  size_t max_memory_bytes = 512 << 20;  // of all calls together
  int max_threads = 16;
};

// Owned by the composition; what the doors lead to outlives it.
class RpcServer {
 public:
  RpcServer(RpcOptions options, Doors& doors);
  ~RpcServer();  // stops
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  // Binds and serves. UNAVAILABLE when the address cannot be bound; the message says which and why.
  [[nodiscard]] absl::Status Start();
  // The port bound; 0 before Start succeeded.
  [[nodiscard]] int port() const { return port_; }
  // Takes no more calls, ends the long polls and waits for every call's answer. Idempotent.
  void Stop();

 private:
  struct Impl;

  const RpcOptions options_;
  int port_ = 0;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plasa::rpc
