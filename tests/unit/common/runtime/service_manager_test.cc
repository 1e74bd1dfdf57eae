// The protocol of NOTIFY_SOCKET, heard at the other end.
#include "common/runtime/service_manager.h"

#include <gtest/gtest.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/runtime/unique_fd.h"
#include "temp_dir.h"

namespace plasa {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// The service manager's end.
class Listener {
 public:
  explicit Listener(const std::string& name) : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const size_t size = offsetof(sockaddr_un, sun_path) + name.size();
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size)), 0);
  }

  // The next datagram that is there; "" where none is.
  std::string Hear() {
    char text[200];
    const ssize_t got = recv(fd_.get(), text, sizeof text, MSG_DONTWAIT);
    return got < 0 ? "" : std::string(text, static_cast<size_t>(got));
  }

 private:
  const UniqueFd fd_;
};

TEST(ServiceManager, SpeaksToAPath) {
  const TempDir dir;
  Listener listener(dir / "notify");
  const ServiceManager manager(dir / "notify", std::nullopt);
  manager.Ready();
  manager.Alive();
  manager.Status("two parts are silent");
  manager.Stopping();
  EXPECT_EQ(listener.Hear(), "READY=1");
  EXPECT_EQ(listener.Hear(), "WATCHDOG=1");
  EXPECT_EQ(listener.Hear(), "STATUS=two parts are silent");
  EXPECT_EQ(listener.Hear(), "STOPPING=1");
  EXPECT_EQ(listener.Hear(), "");
}

TEST(ServiceManager, SpeaksToAnAbstractName) {
  const std::string name = "@plasa-test-" + std::to_string(getpid());
  Listener listener(name);
  ServiceManager(name, std::nullopt).Ready();
  EXPECT_EQ(listener.Hear(), "READY=1");
}

TEST(ServiceManager, NobodyListening) {
  const TempDir dir;
  ServiceManager(dir / "nobody", std::nullopt).Ready();
  ServiceManager("relative", std::nullopt).Ready();
  ServiceManager(std::string(500, '/'), std::nullopt).Ready();
  ServiceManager().Ready();
  EXPECT_EQ(ServiceManager("", microseconds(1000)).AlivePeriod(), std::nullopt);
}

// What FromEnvironment makes of these; an empty one is not set.
ServiceManager Given(const std::string& socket, const std::string& usec, const std::string& pid) {
  setenv("NOTIFY_SOCKET", socket.c_str(), 1);
  setenv("WATCHDOG_USEC", usec.c_str(), 1);
  pid.empty() ? unsetenv("WATCHDOG_PID") : setenv("WATCHDOG_PID", pid.c_str(), 1);
  return ServiceManager::FromEnvironment();
}

TEST(ServiceManager, IsAliveTwiceInTheTimeThatIsWaited) {
  EXPECT_EQ(Given("/s", "60000000", "").AlivePeriod(), milliseconds(30'000));
  EXPECT_EQ(Given("/s", "60000000", std::to_string(getpid())).AlivePeriod(), milliseconds(30'000));
  EXPECT_EQ(Given("/s", "1", "").AlivePeriod(), milliseconds(1)) << "never a loop without a pause";
}

TEST(ServiceManager, NobodyWaits) {
  EXPECT_EQ(Given("/s", "60000000", std::to_string(getppid())).AlivePeriod(), std::nullopt)
      << "another process is meant";
  EXPECT_EQ(Given("/s", "60000000", "me").AlivePeriod(), std::nullopt);
  EXPECT_EQ(Given("/s", "0", "").AlivePeriod(), std::nullopt);
  EXPECT_EQ(Given("/s", "soon", "").AlivePeriod(), std::nullopt);
  EXPECT_EQ(Given("/s", "", "").AlivePeriod(), std::nullopt);
  EXPECT_EQ(Given("", "60000000", "").AlivePeriod(), std::nullopt);
}

TEST(ServiceManager, NoChildSpeaksForIt) {
  (void)Given("/s", "60000000", "1");
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) EXPECT_EQ(getenv(name), nullptr) << name;
}

}  // namespace
}  // namespace plasa
