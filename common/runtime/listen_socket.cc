#include "common/runtime/listen_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/runtime/listen_address.h"

namespace plasa {
namespace {

absl::Status Explain(const std::string& host, int port, int reason) {
  const std::string where = HostPort(host, port);
  const char* mend = reason == EADDRINUSE ? "choose another port with --listen, or stop the program that uses this one"
                                          : "choose another address with --listen";
  return absl::UnavailableError(absl::StrCat("cannot listen on ", where, ": ", strerror(reason), " (", mend, ")"));
}

}  // namespace

absl::StatusOr<UniqueFd> OpenListener(const std::string& host, int port) {
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
  UniqueFd fd(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return Explain(host, port, errno);
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool bound = bind(fd.get(), found->ai_addr, found->ai_addrlen) == 0 && listen(fd.get(), SOMAXCONN) == 0;
  if (!bound) return Explain(host, port, errno);
  return fd;
}

absl::Status CheckCanListen(const std::string& host, int port) { return OpenListener(host, port).status(); }

int PortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
}

SpareDescriptor::SpareDescriptor() : fd_(open("/dev/null", O_RDONLY | O_CLOEXEC)) {}

void SpareDescriptor::TurnAway(int listener) {
  fd_.Reset(-1);
  UniqueFd(accept(listener, nullptr, nullptr)).Reset(-1);
  fd_.Reset(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace plasa
