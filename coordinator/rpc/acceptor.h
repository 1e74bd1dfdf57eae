// Accepts gRPC's connections: gRPC 1.51's own listener is dead for good after the first accept that finds no
// descriptor.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "common/runtime/listen_socket.h"
#include "common/runtime/unique_fd.h"

namespace plasa::rpc {

// A thread that accepts. Out of descriptors, it turns clients away one by one and goes on.
class Acceptor {
 public:
  // Called on the accepting thread with a connected, non-blocking socket to own.
  using Handler = std::function<void(int fd)>;

  // `listener` is bound and listening.
  Acceptor(UniqueFd listener, Handler handler);
  ~Acceptor();  // stops
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  void Run();
  void AcceptOne();

  const UniqueFd listener_;
  const UniqueFd stop_;  // readable: leave
  const Handler handler_;
  SpareDescriptor spare_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace plasa::rpc
