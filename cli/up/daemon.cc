#include "cli/up/daemon.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "cli/remote/state_dir.h"

namespace plasa::cli {
namespace {

constexpr size_t kTailBytes = 2000;

int OpenPidfd(int pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

}  // namespace

Daemon::~Daemon() {
  if (pidfd_ >= 0) close(pidfd_);
}

absl::Status Daemon::AdoptOrStart() {
  const auto living = ReadPidFile(spec_.pid_file);
  if (!living) return Start();
  adopted_ = true;
  return Hold(*living);
}

absl::Status Daemon::Start() {
  const auto process = Spawn(spec_.arguments, spec_.log, spec_.directory);
  if (!process.ok()) return process.status();
  adopted_ = false;
  if (absl::Status status = Hold(*process); !status.ok()) return status;
  return WritePidFile(spec_.pid_file, process_);
}

absl::Status Daemon::Hold(const ProcessIdentity& process) {
  if (pidfd_ >= 0) close(pidfd_);
  process_ = process;
  pidfd_ = OpenPidfd(process.pid);
  ending_.clear();
  exit_code_ = -1;
  if (pidfd_ >= 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the ", spec_.name, " (pid ", process.pid, ") ended at once"));
}

bool Daemon::Running() {
  if (pidfd_ < 0) return false;
  pollfd ended{pidfd_, POLLIN, 0};
  if (poll(&ended, 1, 0) == 0) return true;
  Collect();
  close(pidfd_);
  pidfd_ = -1;
  return false;
}

void Daemon::Collect() {
  int status = 0;
  if (waitpid(process_.pid, &status, WNOHANG) != process_.pid) {
    ending_ = "ended";
  } else if (WIFEXITED(status)) {
    exit_code_ = WEXITSTATUS(status);
    ending_ = absl::StrCat("exit code ", exit_code_);
  } else {
    ending_ = absl::StrCat("signal ", WTERMSIG(status));
  }
}

void Daemon::Signal(int signal) {
  if (pidfd_ >= 0) syscall(SYS_pidfd_send_signal, pidfd_, signal, nullptr, 0);
}

std::string Daemon::LogTail() const {
  const auto text = ReadFile(spec_.log);
  if (!text.ok()) return "";
  const size_t from = text->size() - std::min(text->size(), kTailBytes);
  const size_t line = from == 0 ? 0 : text->find('\n', from) + 1;
  return text->substr(line);
}

}  // namespace plasa::cli
