// What the HTTP side can be told.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace plasa::http {

// Bounds that keep a careless or hostile client from hurting the others.
struct HttpLimits {
  uint32_t header_bytes = 8 * 1024;
  uint64_t body_bytes = 1024 * 1024;
  std::chrono::milliseconds header_time{5000};    // from the first byte of a request, and for a connection's first byte
  std::chrono::milliseconds idle_time{30000};     // between two requests of a connection
  std::chrono::milliseconds write_time{10000};    // a reader that takes nothing for so long is dropped
  std::chrono::milliseconds command_time{10000};  // a commit that takes longer is answered with 504
  std::chrono::milliseconds batch_time{250};      // between two batches of stream events
  std::chrono::milliseconds heartbeat_time{15000};
  size_t connections = 1024;
  size_t connections_per_peer = 256;
  size_t streams = 128;
  size_t stream_queue = 256;  // batches waiting for one slow stream; more and it is dropped
};

// What /api/v1/info says of the coordinator, and what tells its session cookie from that of another one on this
// machine.
struct ServerIdentity {
  std::string version;
  std::string cluster_uuid;
  uint64_t epoch = 0;
};

struct HttpOptions {
  std::string host = "127.0.0.1";          // address to listen on
  uint16_t port = 7311;                    // 0 = any free one
  std::vector<std::string> allowed_hosts;  // names besides the loopback ones that a Host header may carry
  HttpLimits limits;
  ServerIdentity identity;
};

}  // namespace plasa::http
