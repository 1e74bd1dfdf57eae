#include "common/runtime/port_probe.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/runtime/listen_address.h"
#include "common/runtime/unique_fd.h"

namespace plasa {
namespace {

absl::Status Explain(const std::string& host, int port, int reason) {
  const std::string where = HostPort(host, port);
  const char* mend = reason == EADDRINUSE ? "choose another port with --listen, or stop the program that uses this one"
                                          : "choose another address with --listen";
  return absl::UnavailableError(absl::StrCat("cannot listen on ", where, ": ", strerror(reason), " (", mend, ")"));
}

}  // namespace

absl::Status CheckCanListen(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found);
  if (failed != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen: no address for the host '", host, "': ", gai_strerror(failed)));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
  const UniqueFd fd(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return Explain(host, port, errno);
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool bound = bind(fd.get(), found->ai_addr, found->ai_addrlen) == 0 && listen(fd.get(), 1) == 0;
  return bound ? absl::OkStatus() : Explain(host, port, errno);
}

}  // namespace plasa
