#include "worker/shim/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "common/base/number_text.h"
#include "worker/shim/exit_file.h"
#include "worker/shim/process_identity.h"
#include "worker/shim/spawn.h"

namespace plasa::shim {
namespace {

constexpr const char* kSocketName = "sock";
constexpr int kIdleCheckMs = 1000;
constexpr size_t kMaxInputBytes = 1 << 20;  // of one line; a longer one is not from a daemon of ours

int BlockedSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  if (sigprocmask(SIG_SETMASK, &set, nullptr) != 0) return -1;
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::string SystemError(const char* doing) { return std::string(doing) + ": " + strerror(errno); }

}  // namespace

Server::~Server() {
  for (int fd : {client_fd_, listen_fd_, signal_fd_, lock_fd_}) {
    if (fd >= 0) close(fd);
  }
}

bool Server::Start(std::string* error) {
  lock_fd_ = open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd_ < 0 || flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
    *error = SystemError("this slot has a shim already, or its directory cannot be written");
    return false;
  }
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal_fd_ = BlockedSignals();
  if (signal_fd_ < 0 || !Listen()) {
    *error = SystemError("cannot listen on the slot's socket");
    return false;
  }
  const std::optional<ProcessIdentity> self = IdentityOf(getpid());
  if (self && WriteFile(".", "shim.json", self->Json() + "\n")) return true;
  *error = SystemError("cannot write shim.json");
  return false;
}

bool Server::Listen() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", kSocketName);
  unlink(kSocketName);
  listen_fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listen_fd_ < 0) return false;
  const mode_t before = umask(0077);
  const int bound = bind(listen_fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  umask(before);
  struct stat info {};
  if (bound != 0 || listen(listen_fd_, 4) != 0 || stat(kSocketName, &info) != 0) return false;
  socket_inode_ = info.st_ino;
  return true;
}

bool Server::StillOwnsSlot() const {
  struct stat info {};
  return stat(kSocketName, &info) == 0 && info.st_ino == socket_inode_;
}

void Server::Run() {
  while (attempt_.pid != 0 || (!quitting_ && StillOwnsSlot())) {
    std::array<pollfd, 3> fds{{{signal_fd_, POLLIN, 0}, {listen_fd_, POLLIN, 0}, {client_fd_, POLLIN, 0}}};
    if (poll(fds.data(), fds.size(), attempt_.pid == 0 ? kIdleCheckMs : -1) < 0) continue;
    if (fds[0].revents != 0) OnSignals();
    if (fds[2].revents != 0) OnClientReadable();
    if (fds[1].revents != 0) OnConnect();
  }
}

void Server::OnSignals() {
  signalfd_siginfo info;
  while (read(signal_fd_, &info, sizeof info) == sizeof info) {
    if (info.ssi_signo != SIGTERM) continue;
    quitting_ = true;
    if (attempt_.pid != 0) kill(-attempt_.pid, SIGTERM);
  }
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == attempt_.pid) return OnTrainerEnd(status);
  }
}

void Server::OnConnect() {
  const int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  DropClient();
  client_fd_ = fd;
  Send({"plasa-shim", "1"});
  SendState();
}

void Server::OnClientReadable() {
  std::array<char, 16384> bytes;
  const ssize_t n = read(client_fd_, bytes.data(), bytes.size());
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0 || input_.size() > kMaxInputBytes) return DropClient();
  input_.append(bytes.data(), static_cast<size_t>(n));
  while (std::optional<std::string> line = TakeLine(input_)) OnLine(*line);
}

void Server::OnLine(const std::string& line) {
  const std::optional<Words> words = SplitWords(line);
  const std::string verb = words && !words->empty() ? words->front() : "";
  if (verb == "run" && words->size() >= 3) return OnRun(*words);
  if (verb == "signal" && words->size() == 2) return OnSignalCommand(*words);
  if (verb == "state") return SendState();
  if (verb != "quit") return Send({"error", "unknown command", line});
  quitting_ = attempt_.pid == 0;
  if (!quitting_) Send({"busy"});
}

void Server::OnRun(const Words& words) {
  const std::string& dir = words[1];
  if (attempt_.pid != 0) return Send({"refused", dir, "the slot is busy with " + attempt_.dir});
  const long oom_kills = CgroupOomKills();
  const SpawnResult spawned = SpawnTrainer(dir, Words(words.begin() + 2, words.end()));
  if (spawned.pid == 0) return Send({"refused", dir, spawned.error});
  attempt_ = {dir, spawned.pid, oom_kills, std::chrono::steady_clock::now()};
  const std::optional<ProcessIdentity> trainer = IdentityOf(spawned.pid);
  if (trainer && !WriteFile(dir, "shim.json", trainer->Json() + "\n")) perror("plasa-shim: shim.json");
  Send({"started", dir, std::to_string(spawned.pid)});
}

void Server::OnSignalCommand(const Words& words) {
  const std::optional<int64_t> number = ParseInt(words[1]);
  if (!number || *number <= 0 || *number >= NSIG || attempt_.pid == 0) return;
  kill(*number == SIGUSR1 ? attempt_.pid : -attempt_.pid, static_cast<int>(*number));
}

void Server::OnTrainerEnd(int status) {
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - attempt_.started;
  ExitRecord record;
  record.wall_s = wall.count();
  record.code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  record.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  record.out_of_memory = record.signal == SIGKILL && CgroupOomKills() > attempt_.oom_kills_before;
  KillDescendants();
  if (!WriteExitFile(attempt_.dir, record)) perror("plasa-shim: exit.json");
  const std::string dir = std::exchange(attempt_, Attempt{}).dir;
  Send({"ended", dir, std::to_string(record.code), std::to_string(record.signal)});
}

void Server::SendState() {
  if (attempt_.pid == 0) return Send({"idle"});
  Send({"running", attempt_.dir, std::to_string(attempt_.pid)});
}

// The files tell the daemon everything again when a line is lost, so a client that does not read is dropped.
void Server::Send(const Words& words) {
  if (client_fd_ < 0) return;
  const std::string line = JoinWords(words);
  if (send(client_fd_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) DropClient();
}

void Server::DropClient() {
  if (client_fd_ >= 0) close(client_fd_);
  client_fd_ = -1;
  input_.clear();
}

}  // namespace plasa::shim
