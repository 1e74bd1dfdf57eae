#include "worker/shim_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/number_text.h"
#include "worker/attempt_dir.h"

namespace plasa::worker {
namespace {

constexpr int kGreetingTimeoutMs = 2000;
constexpr int kStartTries = 1000;
constexpr std::chrono::milliseconds kStartTryEvery(5);

// A path of any length fits: the directory is named by a descriptor.
int ConnectSocket(const std::string& dir) {
  const int dir_fd = open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (dir_fd < 0) return -1;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/sock", dir_fd);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    fd = -1;
  }
  close(dir_fd);
  return fd;
}

// A session of its own and default signals: nothing that happens to the daemon happens to the shim.
int Spawn(const std::string& program, const std::string& slot_dir) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const std::string log = slot_dir + "/shim.log";
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = "plasa-shim", dir = slot_dir;
  char* argv[] = {name.data(), dir.data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

ShimLink::ShimLink(Loop& loop, std::string slot_dir, std::string program, Handlers handlers)
    : loop_(loop), slot_dir_(std::move(slot_dir)), program_(std::move(program)), handlers_(std::move(handlers)) {}

ShimLink::~ShimLink() { Close(); }

absl::Status ShimLink::Connect() {
  Close();
  running_dir_.clear();
  mkdir(slot_dir_.c_str(), 0755);
  if (!ConnectToLive()) {
    KillSilentShim();
    if (absl::Status started = StartShim(); !started.ok()) return started;
  }
  fcntl(fd_, F_SETFL, O_NONBLOCK);
  loop_.Watch(fd_, [this] { OnReadable(); });
  return absl::OkStatus();
}

bool ShimLink::ConnectToLive() {
  fd_ = ConnectSocket(slot_dir_);
  if (fd_ < 0) return false;
  if (ReadGreeting()) return true;
  close(std::exchange(fd_, -1));
  return false;
}

// The greeting and the state: two lines that a live shim sends at once.
bool ShimLink::ReadGreeting() {
  input_.clear();
  std::array<char, 4096> bytes;
  std::optional<std::string> greeting, state;
  while (!state) {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, kGreetingTimeoutMs) <= 0) return false;
    const ssize_t n = read(fd_, bytes.data(), bytes.size());
    if (n <= 0) return false;
    input_.append(bytes.data(), static_cast<size_t>(n));
    if (!greeting) greeting = shim::TakeLine(input_);
    if (greeting) state = shim::TakeLine(input_);
  }
  const std::optional<shim::Words> words = shim::SplitWords(*state);
  if (words && words->size() == 3 && words->front() == "running") running_dir_ = (*words)[1];
  return *greeting == shim::kGreeting;
}

// A shim that lives but does not speak our protocol is in the way; its trainer dies with it.
void ShimLink::KillSilentShim() {
  const std::optional<shim::ProcessIdentity> shim = ReadTrainer(slot_dir_);
  if (shim && shim::IsAlive(*shim)) kill(shim->pid, SIGKILL);
}

absl::Status ShimLink::StartShim() {
  if (const int error = Spawn(program_, slot_dir_); error != 0) {
    return absl::InternalError(absl::StrCat("cannot start ", program_, ": ", strerror(error)));
  }
  for (int i = 0; i < kStartTries; ++i) {
    if (ConnectToLive()) return absl::OkStatus();
    std::this_thread::sleep_for(kStartTryEvery);
  }
  return absl::UnavailableError(absl::StrCat("the shim of ", slot_dir_, " does not answer (see its shim.log)"));
}

void ShimLink::OnReadable() {
  std::array<char, 16384> bytes;
  const ssize_t n = read(fd_, bytes.data(), bytes.size());
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return Lose();
  input_.append(bytes.data(), static_cast<size_t>(n));
  while (std::optional<std::string> line = shim::TakeLine(input_)) OnLine(*line);
}

void ShimLink::OnLine(const std::string& line) {
  const std::optional<shim::Words> words = shim::SplitWords(line);
  if (!words || words->empty()) return;
  const std::string& verb = words->front();
  if (verb == "refused" && words->size() == 3) handlers_.on_refused((*words)[1], (*words)[2]);
  if (verb == "ended" && words->size() == 4) {
    const auto code = static_cast<int>(ParseInt((*words)[2]).value_or(0));
    const auto signal = static_cast<int>(ParseInt((*words)[3]).value_or(0));
    handlers_.on_ended((*words)[1], core::Exit{code, signal, false});
  }
}

void ShimLink::Run(const std::string& dir, const shim::Words& command) {
  shim::Words words{"run", dir};
  words.insert(words.end(), command.begin(), command.end());
  Send(words);
}

void ShimLink::Signal(int number) { Send({"signal", std::to_string(number)}); }

void ShimLink::Quit() {
  Send({"quit"});
  Close();
}

// Lines are short and the shim reads at once: a full socket means that it hangs, which is seen as its loss.
void ShimLink::Send(const shim::Words& words) {
  const std::string line = shim::JoinWords(words);
  if (fd_ >= 0 && send(fd_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    shutdown(fd_, SHUT_RDWR);
  }
}

void ShimLink::Lose() {
  Close();
  handlers_.on_lost();
}

void ShimLink::Close() {
  if (fd_ < 0) return;
  loop_.Unwatch(fd_);
  close(std::exchange(fd_, -1));
}

}  // namespace plasa::worker
