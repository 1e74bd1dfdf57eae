#include "cli/up/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/output/exit_code.h"
#include "cli/remote/state_dir.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kLogMode = 0600;

// Fields 3 (state) and 22 (start time) of /proc/PID/stat; the name in field 2 may hold spaces and brackets.
std::optional<ProcessIdentity> ParseStat(int pid, const std::string& stat) {
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= stat.size()) return std::nullopt;
  const std::vector<std::string> fields = absl::StrSplit(stat.substr(name_end + 2), ' ');
  constexpr size_t kState = 0;
  constexpr size_t kStartTime = 19;
  ProcessIdentity process{pid, 0};
  if (fields.size() <= kStartTime || fields[kState] == "Z" || fields[kState] == "X") return std::nullopt;
  if (!absl::SimpleAtoi(fields[kStartTime], &process.start_time)) return std::nullopt;
  return process;
}

// Numbers of this process's children, zombies among them.
std::vector<int> Children() {
  std::vector<int> children;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    int pid = 0;
    int parent = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &pid)) continue;
    const auto stat = ReadFile(entry.path() / "stat");
    const size_t name_end = stat.ok() ? stat->rfind(')') : std::string::npos;
    if (name_end == std::string::npos) continue;
    const std::vector<std::string> fields = absl::StrSplit(stat->substr(name_end), ' ');
    if (fields.size() > 2 && absl::SimpleAtoi(fields[2], &parent) && parent == getpid()) children.push_back(pid);
  }
  return children;
}

// posix_spawn's two descriptions, freed with the object.
class SpawnPlan {
 public:
  SpawnPlan(const std::string& log, const std::string& directory) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, kLogMode);
    posix_spawn_file_actions_adddup2(&files_, STDOUT_FILENO, STDERR_FILENO);
    if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&files_, directory.c_str());
    posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // 0 or an errno.
  int Run(std::vector<std::string> arguments, pid_t* pid) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    return posix_spawn(pid, argv[0], &files_, &attributes_, argv.data(), environ);
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

}  // namespace

std::optional<ProcessIdentity> IdentifyProcess(int pid) {
  const auto stat = ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  return stat.ok() ? ParseStat(pid, *stat) : std::nullopt;
}

bool SignalProcess(const ProcessIdentity& process, int signal) {
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, process.pid, 0));
  if (pidfd < 0) return false;
  const bool same = IdentifyProcess(process.pid) == process;  // looked at while the number is held
  const bool sent = same && syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0;
  close(pidfd);
  return sent;
}

void AdoptOrphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

void EndChildren() {
  do {
    for (const int child : Children()) kill(child, SIGKILL);
  } while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR);
}

std::optional<ProcessIdentity> ReadPidFile(const fs::path& file) {
  const auto text = ReadFile(file);
  if (!text.ok()) return std::nullopt;
  const std::vector<std::string> words = absl::StrSplit(*text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  ProcessIdentity process;
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &process.pid)) return std::nullopt;
  if (!absl::SimpleAtoi(words[1], &process.start_time)) return std::nullopt;
  return IdentifyProcess(process.pid) == process ? std::optional(process) : std::nullopt;
}

absl::Status WritePidFile(const fs::path& file, const ProcessIdentity& process) {
  const fs::path temporary = file.string() + ".tmp";
  const absl::Status status = WriteFile(temporary, absl::StrCat(process.pid, " ", process.start_time, "\n"));
  if (!status.ok()) return status;
  std::error_code error;
  fs::rename(temporary, file, error);
  return error ? absl::PermissionDeniedError(absl::StrCat("cannot write ", file.string(), ": ", error.message()))
               : absl::OkStatus();
}

absl::StatusOr<ProcessIdentity> Spawn(const std::vector<std::string>& arguments, const fs::path& log,
                                      const fs::path& directory) {
  std::error_code error;
  fs::create_directories(log.parent_path(), error);
  pid_t pid = 0;
  const int failed = SpawnPlan(log.string(), directory.string()).Run(arguments, &pid);
  if (failed != 0) {
    return Failure(absl::StatusCode::kInternal,
                   absl::StrCat("cannot start ", arguments[0], ": ", std::strerror(failed)),
                   "plasactl looks for the daemons beside itself; build or install all of plasa, and check that " +
                       log.string() + " can be written");
  }
  return IdentifyProcess(pid).value_or(ProcessIdentity{pid, 0});
}

fs::path ProgramDirectory() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::current_path() : program.parent_path();
}

absl::StatusOr<FileLock> FileLock::Take(const fs::path& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Failure(absl::StatusCode::kPermissionDenied,
                   absl::StrCat("cannot write ", file.string(), ": ", std::strerror(errno)),
                   "choose a directory you may write to with --state DIR");
  }
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return FileLock(fd);
  close(fd);
  return absl::FailedPreconditionError(absl::StrCat(file.string(), " is locked by another process"));
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace plasa::cli
