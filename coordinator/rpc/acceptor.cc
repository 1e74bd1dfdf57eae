#include "coordinator/rpc/acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

#include "common/runtime/log.h"
#include "common/runtime/thread_name.h"

namespace plasa::rpc {
namespace {

constexpr Log kLog("rpc");
constexpr int kRestMs = 20;  // until a connection may have ended

UniqueFd NonBlocking(UniqueFd fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
  return fd;
}

bool OutOfDescriptors(int reason) { return reason == EMFILE || reason == ENFILE; }

}  // namespace

Acceptor::Acceptor(UniqueFd listener, Handler handler)
    : listener_(NonBlocking(std::move(listener))),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      handler_(std::move(handler)),
      thread_([this] { Run(); }) {}

Acceptor::~Acceptor() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void Acceptor::Run() {
  NameThisThread("acceptor");
  std::array<pollfd, 2> waits{pollfd{listener_.get(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0}};
  for (;;) {
    if (poll(waits.data(), waits.size(), -1) < 0) continue;  // EINTR
    if (waits[1].revents != 0) return;
    if (waits[0].revents != 0) AcceptOne();
  }
}

void Acceptor::AcceptOne() {
  const int fd = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return handler_(fd);
  }
  if (!OutOfDescriptors(errno)) return;  // this one client left before it was accepted
  kLog.Warning("out of descriptors; a client is turned away");
  spare_.TurnAway(listener_.get());
  pollfd stop{stop_.get(), POLLIN, 0};
  poll(&stop, 1, kRestMs);
}

}  // namespace plasa::rpc
