#include "coordinator/endpoints.h"

#include <unistd.h>

#include <boost/json.hpp>

#include "absl/strings/numbers.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/json.h"
#include "common/runtime/listen_socket.h"

namespace plasa {
namespace {

std::string PathOf(const std::string& state_dir) { return state_dir + "/endpoints.json"; }

// The port behind the last colon, 0 where there is none.
int PortOf(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  const bool is_port =
      colon != std::string::npos && absl::SimpleAtoi(address.substr(colon + 1), &port) && port <= 65535;
  return is_port ? port : 0;
}

std::string Reachable(const std::string& host) {
  if (host == "0.0.0.0") return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

}  // namespace

ListenAddress WithRecordedPorts(const ListenAddress& asked, const std::string& state_dir) {
  const absl::StatusOr<std::string> text = ReadWholeFile(PathOf(state_dir));
  ListenAddress address = asked;
  if (!text.ok()) return address;
  const boost::json::object recorded = ParseObjectOrEmpty(*text);
  const auto reuse = [&](int* port, const char* key) {
    const int known = PortOf(TextOr(recorded, key, ""));
    if (*port == 0 && known > 0 && CheckCanListen(address.host, known).ok()) *port = known;
  };
  reuse(&address.http_port, "http");
  reuse(&address.grpc_port, "grpc");
  return address;
}

std::string HttpUrl(const std::string& host, int port) { return "http://" + HostPort(Reachable(host), port); }

absl::Status WriteEndpoints(const std::string& state_dir, const std::string& host, int http_port, int grpc_port) {
  const boost::json::object endpoints{
      {"http", HttpUrl(host, http_port)}, {"grpc", HostPort(Reachable(host), grpc_port)}, {"pid", getpid()}};
  return WriteFileDurably(PathOf(state_dir), boost::json::serialize(endpoints) + "\n");
}

}  // namespace plasa
