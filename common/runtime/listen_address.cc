#include "common/runtime/listen_address.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace plasa {
namespace {

absl::Status Wrong(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("--listen ", text, ": ", what,
                                                 " (give HOST, HOST:HTTP_PORT or HOST:HTTP_PORT:GRPC_PORT, for example "
                                                 "127.0.0.1:7311:7312; port 0 means any free one)"));
}

bool ReadPort(absl::string_view text, int* port) {
  return absl::SimpleAtoi(text, port) && *port >= 0 && *port <= 65535;
}

// Takes the host off the front of `rest`. False when a bracket is not closed.
bool TakeHost(absl::string_view* rest, std::string* host) {
  const bool bracketed = absl::ConsumePrefix(rest, "[");
  const size_t end = rest->find(bracketed ? ']' : ':');
  if (bracketed && end == absl::string_view::npos) return false;
  *host = std::string(rest->substr(0, end));
  rest->remove_prefix(std::min(rest->size(), host->size() + (bracketed ? 1 : 0)));
  return true;
}

}  // namespace

bool ListenAddress::IsLoopback() const {
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  ListenAddress address;
  absl::string_view rest = text;
  if (!TakeHost(&rest, &address.host) || address.host.empty()) return Wrong(text, "no host");
  if (address.host.find_first_of("[]") != std::string::npos) return Wrong(text, "a bracket in the host");
  if (rest.empty()) return address;
  if (!absl::ConsumePrefix(&rest, ":")) return Wrong(text, "something stands behind the host");
  const std::vector<absl::string_view> ports = absl::StrSplit(rest, ':');
  if (ports.size() > 2) return Wrong(text, "too many colons (an IPv6 host needs brackets)");
  if (!ReadPort(ports[0], &address.http_port)) return Wrong(text, absl::StrCat("'", ports[0], "' is no port"));
  if (address.http_port == 0) address.grpc_port = 0;
  if (ports.size() == 2 && !ReadPort(ports[1], &address.grpc_port)) {
    return Wrong(text, absl::StrCat("'", ports[1], "' is no port"));
  }
  return address;
}

std::string HostPort(absl::string_view host, int port) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port) : absl::StrCat(host, ":", port);
}

}  // namespace plasa
