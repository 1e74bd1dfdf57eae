#include "cli/verbs/doctor_checks.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/remote/state_dir.h"
#include "cli/up/process.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;
using Grade = Finding::Grade;

constexpr double kGiB = 1024.0 * 1024 * 1024;
constexpr int kDefaultHttpPort = 7311;
constexpr int kDefaultGrpcPort = 7312;

// The path of a program, or "".
std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");
  const std::vector<std::string> directories = absl::StrSplit(path == nullptr ? "" : path, ':', absl::SkipEmpty());
  for (const std::string& directory : directories) {
    const fs::path candidate = fs::path(directory) / name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate.string();
  }
  return "";
}

Finding Beside(const std::string& name) {
  const fs::path program = ProgramDirectory() / name;
  if (access(program.c_str(), X_OK) == 0) return {name, Grade::kGood, program.string(), ""};
  return {name, Grade::kBad, "not at " + program.string(), "build or install all of plasa; `up` looks beside plasactl"};
}

Finding Helper(const std::string& name, const std::string& mend) {
  const std::string found = FindProgram(name);
  return found.empty() ? Finding{name, Grade::kWarning, "not installed", mend} : Finding{name, Grade::kGood, found, ""};
}

// What a program prints, or "".
std::string OutputOf(const fs::path& program, const std::string& verb) {
  const std::string quoted = absl::StrReplaceAll(program.string(), {{"'", "'\\''"}});
  FILE* pipe = popen(absl::StrCat("'", quoted, "' ", verb, " 2>/dev/null").c_str(), "re");
  if (pipe == nullptr) return "";
  std::string text;
  char buffer[4096];
  for (size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  return pclose(pipe) == 0 ? text : "";
}

// The trainer's float products: OpenBLAS's pthread flavour is the slower one, and Debian's default.
Finding CheckBlas() {
  const boost::json::object probe = ParseObjectOrEmpty(OutputOf(ProgramDirectory() / "plasa-trainer", "probe"));
  const boost::json::value* blas = probe.if_contains("blas");
  if (blas == nullptr || !blas->is_string())
    return {"blas", Grade::kBad, "plasa-trainer probe does not answer", "run it by hand: it says why"};
  const std::string name(blas->get_string());
  if (!absl::StrContains(name, "pthread")) return {"blas", Grade::kGood, name, ""};
  return {"blas", Grade::kWarning, name,
          "1.5 times slower here: apt-get install libopenblas0-openmp, apt-get remove libopenblas0-pthread"};
}

// File systems on which SQLite's locks or fsync cannot be trusted.
bool IsNetworkFileSystem(const fs::path& dir) {
  struct statfs info {};
  if (statfs(dir.c_str(), &info) != 0) return false;
  const auto type = static_cast<uint32_t>(info.f_type);
  return type == 0x6969 || type == 0xFF534D42 || type == 0xFE534D42 || type == 0x517B;  // NFS, CIFS, SMB2, SMB
}

Finding CheckPort(const char* name, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int reuse = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  if (free) return {name, Grade::kGood, absl::StrCat(port, " is free"), ""};
  return {name, Grade::kWarning, absl::StrCat(port, " is in use by another program"),
          "serve elsewhere: plasactl up --listen 127.0.0.1:0"};
}

Finding CheckWorkers(ControlClient& client) {
  const auto reply = client.ListWorkers(pb::ListWorkersRequest());
  if (!reply.ok()) return {"workers", Grade::kBad, std::string(reply.status().message()), HintOf(reply.status())};
  int online = 0;
  int slots = 0;
  for (const pb::WorkerView& worker : reply->workers()) {
    if (worker.state() != "online") continue;
    ++online;
    slots += worker.slots_size();
  }
  if (online > 0) return {"workers", Grade::kGood, absl::StrCat(online, " online with ", slots, " slots"), ""};
  return {"workers", Grade::kBad, "none is online, so nothing runs", "start plasa-worker, or `plasactl up`"};
}

}  // namespace

std::vector<Finding> CheckPrograms() {
  return {Beside("plasa-coordinator"),
          Beside("plasa-worker"),
          Beside("plasa-shim"),
          Beside("plasa-trainer"),
          CheckBlas(),
          Helper("gnuplot", "apt-get install gnuplot-nox (draws the figure of a report)"),
          Helper("bible", "apt-get install bible-kjv (the corpus kjv; without it use a folder of texts)")};
}

std::vector<Finding> CheckState(const fs::path& state) {
  std::vector<Finding> out;
  fs::path existing = state;
  while (!fs::exists(existing) && existing.has_relative_path()) existing = existing.parent_path();
  if (access(existing.c_str(), W_OK) == 0) {
    out.push_back({"state", Grade::kGood, state.string() + (existing == state ? "" : " (not made yet)"), ""});
  } else {
    out.push_back({"state", Grade::kBad, absl::StrCat("cannot write ", existing.string(), ": ", std::strerror(errno)),
                   "choose another directory with --state DIR"});
  }
  struct statvfs disk {};
  if (statvfs(existing.c_str(), &disk) == 0) {
    const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / kGiB;
    out.push_back({"disk", free < 1 ? Grade::kWarning : Grade::kGood, absl::StrFormat("%.1f GiB free", free),
                   free < 1 ? "checkpoints and logs need room; free some or move the state directory" : ""});
  }
  if (IsNetworkFileSystem(existing)) {
    out.push_back({"file system", Grade::kBad, existing.string() + " is on a network file system",
                   "keep the state directory on a local disk"});
  }
  return out;
}

std::vector<Finding> CheckService(Context& context) {
  const auto client = context.Coordinator();
  if (!client.ok()) {
    return {{"coordinator", Grade::kWarning, std::string(client.status().message()), HintOf(client.status())},
            CheckPort("http port", kDefaultHttpPort),
            CheckPort("grpc port", kDefaultGrpcPort)};
  }
  const auto info = (*client)->GetInfo();
  if (!info.ok()) return {{"coordinator", Grade::kBad, std::string(info.status().message()), HintOf(info.status())}};
  return {{"coordinator", Grade::kGood,
           absl::StrCat(info->version(), " at ", info->http_url(), ", up for ", DurationText(info->uptime_s())), ""},
          CheckWorkers(**client)};
}

}  // namespace plasa::cli
