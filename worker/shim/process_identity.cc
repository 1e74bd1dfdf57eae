#include "worker/shim/process_identity.h"

#include <dirent.h>
#include <signal.h>

#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "common/base/value.h"

namespace plasa::shim {
namespace {

struct Stat {
  char state = 0;
  pid_t session = 0;
  uint64_t start_time = 0;
};

// The command name may hold spaces and parentheses, so fields are counted from the last ')'.
std::optional<Stat> ReadStat(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  const size_t end = text.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(end + 1));
  Stat stat;
  std::string skipped;
  fields >> stat.state >> skipped >> skipped >> stat.session;
  for (int field = 7; field < 22; ++field) fields >> skipped;
  fields >> stat.start_time;
  if (!fields) return std::nullopt;
  return stat;
}

std::vector<pid_t> AllPids() {
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir("/proc"), &closedir);
  if (!dir) return pids;
  while (const dirent* entry = readdir(dir.get())) {
    pid_t pid = 0;
    const std::string_view name = entry->d_name;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc() && end == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

}  // namespace

std::string ProcessIdentity::Json() const {
  return Value(Value::Object{{"boot_id", boot_id}, {"pid", int64_t{pid}}, {"start_time", start_time}}).CanonicalJson();
}

std::string BootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  return std::getline(file, id) ? id : "unknown";
}

std::optional<ProcessIdentity> IdentityOf(pid_t pid) {
  const std::optional<Stat> stat = ReadStat(pid);
  if (!stat || stat->state == 'Z' || stat->state == 'X') return std::nullopt;
  return ProcessIdentity{pid, stat->start_time, BootId()};
}

bool IsAlive(const ProcessIdentity& identity) { return identity.pid > 0 && IdentityOf(identity.pid) == identity; }

int KillSession(const ProcessIdentity& leader) {
  if (leader.pid <= 1 || leader.boot_id != BootId()) return 0;
  const std::optional<Stat> now = ReadStat(leader.pid);
  if (now && now->start_time != leader.start_time) return 0;
  int killed = 0;
  for (pid_t pid : AllPids()) {
    const std::optional<Stat> stat = ReadStat(pid);
    const bool ours = stat && stat->session == leader.pid && stat->start_time >= leader.start_time;
    if (ours && stat->state != 'Z' && kill(pid, SIGKILL) == 0) ++killed;
  }
  return killed;
}

}  // namespace plasa::shim
