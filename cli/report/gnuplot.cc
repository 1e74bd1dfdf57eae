#include "cli/report/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"

namespace plasa::cli {
namespace {

// A pipe whose ends close with it.
struct Pipe {
  std::array<int, 2> fd{-1, -1};
  Pipe() {
    if (pipe2(fd.data(), O_CLOEXEC) != 0) fd = {-1, -1};
  }
  ~Pipe() {
    CloseEnd(0);
    CloseEnd(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void CloseEnd(size_t end) {
    if (fd[end] >= 0) close(fd[end]);
    fd[end] = -1;
  }
};

std::string ReadAll(int fd) {
  std::string out;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(fd, buffer.data(), buffer.size())) > 0;)
    out.append(buffer.data(), static_cast<size_t>(n));
  return out;
}

// Starts gnuplot with its words going to `output`. 0 or an errno.
int SpawnGnuplot(std::vector<std::string> arguments, const std::string& directory, int output, pid_t* pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addchdir_np(&files, directory.c_str());
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int failed = posix_spawnp(pid, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

}  // namespace

absl::Status RunGnuplot(const std::filesystem::path& directory, const std::string& script,
                        const std::string& variables) {
  Pipe words;
  pid_t pid = 0;
  const int failed = SpawnGnuplot({"gnuplot", "-e", variables, script}, directory.string(), words.fd[1], &pid);
  words.CloseEnd(1);
  if (failed == ENOENT) {
    return Failure(absl::StatusCode::kNotFound, "gnuplot is not installed, so the figure was not drawn",
                   "install it (apt-get install gnuplot-nox) and make the report again; everything else is written");
  }
  if (failed != 0) return absl::InternalError(absl::StrCat("cannot start gnuplot: ", std::strerror(failed)));
  const std::string said = ReadAll(words.fd[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("gnuplot failed: ", said));
}

}  // namespace plasa::cli
