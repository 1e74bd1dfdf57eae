#include "worker/shim/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace plasa::shim {
namespace {

// What the vforked child needs, made ready before: it may call nothing but system calls.
struct Prepared {
  const char* dir;
  char* const* argv;
  int null_fd;
  int log_fd;
  pid_t parent;
  sigset_t no_signals;
};

// Runs in the child, in the parent's memory. Returns only on failure, with errno set.
int ExecChild(const Prepared& p) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  if (getppid() != p.parent) return ESRCH;  // the shim died in between
  if (setsid() < 0 || chdir(p.dir) != 0) return errno;
  if (dup2(p.null_fd, 0) < 0 || dup2(p.log_fd, 1) < 0 || dup2(p.log_fd, 2) < 0) return errno;
  sigprocmask(SIG_SETMASK, &p.no_signals, nullptr);
  execv(p.argv[0], p.argv);
  return errno;
}

pid_t VforkExec(const Prepared& p, int* error) {
  volatile int child_error = 0;
  const pid_t pid = vfork();
  if (pid == 0) {
    child_error = ExecChild(p);
    _exit(127);
  }
  *error = pid < 0 ? errno : child_error;
  if (pid > 0 && *error != 0) waitpid(pid, nullptr, 0);
  return *error == 0 ? pid : 0;
}

}  // namespace

SpawnResult SpawnTrainer(const std::string& dir, const std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  for (const std::string& word : argv) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  const std::string log = dir + "/output.log";
  Prepared p{dir.c_str(), pointers.data(), -1, -1, getpid(), {}};
  sigemptyset(&p.no_signals);
  p.null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  p.log_fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  SpawnResult result;
  int error = errno;
  if (p.null_fd >= 0 && p.log_fd >= 0) result.pid = VforkExec(p, &error);
  if (p.null_fd >= 0) close(p.null_fd);
  if (p.log_fd >= 0) close(p.log_fd);
  if (result.pid == 0) result.error = "cannot start " + argv[0] + " in " + dir + ": " + strerror(error);
  return result;
}

void KillDescendants() {
  const std::string list = "/proc/self/task/" + std::to_string(getpid()) + "/children";
  while (waitpid(-1, nullptr, WNOHANG) >= 0) {
    std::ifstream children(list);
    for (pid_t pid = 0; children >> pid;) kill(pid, SIGKILL);
    if (waitpid(-1, nullptr, 0) < 0 && errno == ECHILD) return;
  }
}

long CgroupOomKills() {
  std::ifstream own("/proc/self/cgroup");
  for (std::string line; std::getline(own, line);) {
    if (line.rfind("0::", 0) != 0) continue;
    std::ifstream events("/sys/fs/cgroup" + line.substr(3) + "/memory.events");
    std::string name;
    for (long count = 0; events >> name >> count;) {
      if (name == "oom_kill") return count;
    }
  }
  return 0;
}

}  // namespace plasa::shim
