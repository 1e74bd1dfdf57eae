#include "common/runtime/service_manager.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/runtime/unique_fd.h"

namespace plasa {
namespace {

constexpr timeval kSendLimit{1, 0};

// The value of a variable, which is gone afterwards.
std::string Take(const char* name) {
  const char* found = getenv(name);
  std::string value = found == nullptr ? "" : found;
  unsetenv(name);
  return value;
}

std::optional<std::chrono::microseconds> ParsePatience(const std::string& usec, const std::string& pid) {
  int64_t number = 0;
  int64_t process = 0;
  if (!absl::SimpleAtoi(usec, &number) || number <= 0) return std::nullopt;
  if (!pid.empty() && (!absl::SimpleAtoi(pid, &process) || process != getpid())) return std::nullopt;
  return std::chrono::microseconds(number);
}

// False for a name that is too long or is neither a path nor abstract.
bool MakeAddress(const std::string& name, sockaddr_un* address, socklen_t* size) {
  if (name.size() >= sizeof address->sun_path || (name[0] != '/' && name[0] != '@')) return false;
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, name.data(), name.size());
  if (name[0] == '@') address->sun_path[0] = '\0';
  *size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '@' ? 0 : 1));
  return true;
}

}  // namespace

ServiceManager ServiceManager::FromEnvironment() {
  std::string socket = Take("NOTIFY_SOCKET");
  const std::string usec = Take("WATCHDOG_USEC");
  return {std::move(socket), ParsePatience(usec, Take("WATCHDOG_PID"))};
}

void ServiceManager::Status(absl::string_view line) const { Tell(absl::StrCat("STATUS=", line)); }

std::optional<std::chrono::milliseconds> ServiceManager::AlivePeriod() const {
  if (socket_.empty() || !patience_) return std::nullopt;
  const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(*patience_ / 2);
  return std::max(half, std::chrono::milliseconds(1));
}

void ServiceManager::Tell(absl::string_view text) const {
  sockaddr_un address{};
  socklen_t size = 0;
  if (socket_.empty() || !MakeAddress(socket_, &address, &size)) return;
  const UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return;
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &kSendLimit, sizeof kSendLimit);
  sendto(fd.get(), text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace plasa
