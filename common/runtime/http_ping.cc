#include "common/runtime/http_ping.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/runtime/unique_fd.h"

namespace plasa {
namespace {

using Clock = std::chrono::steady_clock;
using Address = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

constexpr size_t kStatusLineBytes = 64;

absl::Status Failed(const char* doing) {
  return absl::UnavailableError(absl::StrCat("cannot ", doing, ": ", strerror(errno)));
}

Address Resolve(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) found = nullptr;
  return Address(found, freeaddrinfo);
}

// One connection, non-blocking, with the moment at which everything must be over.
class Ping {
 public:
  Ping(int family, Clock::time_point deadline)
      : fd_(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), deadline_(deadline) {}

  absl::Status Connect(const addrinfo& to) {
    if (!fd_) return Failed("make a socket");
    if (connect(fd_.get(), to.ai_addr, to.ai_addrlen) == 0) return absl::OkStatus();
    if (errno != EINPROGRESS) return Failed("connect");
    if (!Await(POLLOUT)) return Late("connected");
    socklen_t size = sizeof errno;
    getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &errno, &size);
    return errno == 0 ? absl::OkStatus() : Failed("connect");
  }

  // A request is short: it fits in the socket's buffer.
  void Send(const std::string& request) { send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL); }

  // The first bytes of the answer; nothing when the server closed.
  absl::Status Receive(std::string* text) {
    if (!Await(POLLIN)) return Late("answered");
    char bytes[kStatusLineBytes];
    const ssize_t got = recv(fd_.get(), bytes, sizeof bytes, 0);
    text->assign(bytes, static_cast<size_t>(std::max<ssize_t>(got, 0)));
    return absl::OkStatus();
  }

 private:
  bool Await(short event) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
    pollfd wait{fd_.get(), event, 0};
    return left.count() > 0 && poll(&wait, 1, static_cast<int>(left.count())) > 0;
  }
  static absl::Status Late(const char* what) {
    return absl::DeadlineExceededError(absl::StrCat("not ", what, " in time"));
  }

  const UniqueFd fd_;
  const Clock::time_point deadline_;
};

}  // namespace

absl::Status PingHttp(const std::string& address, const std::string& path, std::chrono::milliseconds limit) {
  const Address found = Resolve(address);
  if (!found) return absl::UnavailableError("no such address: " + address);
  Ping ping(found->ai_family, Clock::now() + limit);
  if (absl::Status connected = ping.Connect(*found); !connected.ok()) return connected;
  ping.Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: ", address, "\r\nConnection: close\r\n\r\n"));
  std::string answer;
  if (absl::Status received = ping.Receive(&answer); !received.ok()) return received;
  if (answer.empty() || absl::StartsWith(answer, "HTTP/1.1 200 ")) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("answered ", answer.substr(0, answer.find('\r'))));
}

}  // namespace plasa
