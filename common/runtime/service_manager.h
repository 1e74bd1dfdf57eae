// What a daemon tells the service manager that started it: the protocol of systemd's NOTIFY_SOCKET.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace plasa {

// Without a service manager every call does nothing. Thread-safe.
class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and removes them, so that no child speaks for this process. To
  // be called before there are threads.
  [[nodiscard]] static ServiceManager FromEnvironment();

  ServiceManager() = default;
  // `socket` is a path, or '@' and an abstract name; empty: nobody listens.
  ServiceManager(std::string socket, std::optional<std::chrono::microseconds> patience)
      : socket_(std::move(socket)), patience_(patience) {}

  void Ready() const { Tell("READY=1"); }
  void Alive() const { Tell("WATCHDOG=1"); }
  void Stopping() const { Tell("STOPPING=1"); }
  // One line for `systemctl status`.
  void Status(absl::string_view line) const;

  // How often Alive is due: half of the time after which the manager loses patience. nullopt: nobody waits for it.
  [[nodiscard]] std::optional<std::chrono::milliseconds> AlivePeriod() const;

 private:
  // One datagram; what cannot be delivered within a second is dropped.
  void Tell(absl::string_view text) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> patience_;
};

}  // namespace plasa
