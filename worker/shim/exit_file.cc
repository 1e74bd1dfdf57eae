#include "worker/shim/exit_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/value.h"

namespace plasa::shim {
namespace {

enum class Durable { kNo, kYes };

bool SyncPath(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = fsync(fd) == 0;
  close(fd);
  return ok;
}

bool WriteAll(int fd, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n < 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

bool Replace(const std::string& dir, const std::string& name, const std::string& text, Durable durable) {
  const std::string path = dir + "/" + name;
  const std::string temp = path + ".tmp";
  const int fd = open(temp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  bool ok = WriteAll(fd, text) && (durable == Durable::kNo || fsync(fd) == 0);
  ok = close(fd) == 0 && ok;
  return ok && rename(temp.c_str(), path.c_str()) == 0;
}

}  // namespace

std::string ExitRecord::Json() const {
  Value::Object object{{"code", code}, {"signal", signal}, {"wall_s", wall_s}};
  if (out_of_memory) object["oom"] = true;
  return Value(std::move(object)).CanonicalJson();
}

bool WriteFile(const std::string& dir, const std::string& name, const std::string& text) {
  return Replace(dir, name, text, Durable::kNo);
}

bool WriteExitFile(const std::string& dir, const ExitRecord& record) {
  const std::string events = dir + "/events.jsonl";
  if (access(events.c_str(), F_OK) == 0 && !SyncPath(events, O_RDONLY)) return false;
  return Replace(dir, "exit.json", record.Json() + "\n", Durable::kYes) && SyncPath(dir, O_RDONLY | O_DIRECTORY);
}

}  // namespace plasa::shim
