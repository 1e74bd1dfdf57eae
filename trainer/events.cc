#include "trainer/events.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "trainer/exit_code.h"

namespace plasa::trainer {
namespace {

double SecondsSince1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) / 1000.0;
}

[[noreturn]] void GiveUp(const char* what) {
  std::fprintf(stderr, "plasa-trainer: events.jsonl: %s: %s\n", what, std::strerror(errno));
  std::_Exit(static_cast<int>(ExitCode::kCrashed));
}

}  // namespace

Result<EventLog> EventLog::Open(const std::filesystem::path& dir) {
  const std::filesystem::path path = dir / "events.jsonl";
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0)
    return Error{std::string("cannot be opened: ") + std::strerror(errno), path.string(),
                 "check the directory of the attempt"};
  struct stat info {};
  if (fstat(fd, &info) == 0 && info.st_size == 0) return EventLog(fd);
  close(fd);
  return Error{"holds events of an earlier attempt", path.string(), "give each attempt a directory of its own"};
}

EventLog::EventLog(EventLog&& other) noexcept : fd_(std::exchange(other.fd_, -1)), seq_(other.seq_) {}

EventLog::~EventLog() {
  if (fd_ >= 0) close(fd_);
}

void EventLog::Append(const std::string& type, int64_t step, Value::Object members) {
  members["seq"] = ++seq_;
  members["type"] = type;
  members["step"] = step;
  members["time"] = SecondsSince1970();
  const std::string line = Value(std::move(members)).CanonicalJson() + '\n';
  for (size_t done = 0; done < line.size();) {
    const ssize_t n = write(fd_, line.data() + done, line.size() - done);
    if (n < 0 && errno != EINTR) GiveUp("cannot be written");
    if (n > 0) done += static_cast<size_t>(n);
  }
}

void EventLog::Sync() {
  if (fdatasync(fd_) != 0) GiveUp("cannot be brought to the disk");
}

}  // namespace plasa::trainer
