#include "worker/trainers.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "common/runtime/json.h"
#include "worker/json_file.h"

namespace plasa::worker {
namespace {

namespace json = boost::json;

constexpr int kProbeTimeoutMs = 60'000;

// Reads until the end; false when nothing came for too long.
bool ReadAll(int fd, std::string& text) {
  std::array<char, 4096> bytes;
  while (true) {
    pollfd waiting{fd, POLLIN, 0};
    if (poll(&waiting, 1, kProbeTimeoutMs) <= 0) return false;
    const ssize_t n = read(fd, bytes.data(), bytes.size());
    if (n <= 0) return n == 0;
    text.append(bytes.data(), static_cast<size_t>(n));
  }
}

pid_t SpawnProbe(const std::string& program, int out_fd) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, out_fd, 1);
  std::string name = program, verb = "probe";
  char* argv[] = {name.data(), verb.data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &files, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : -1;
}

// Devices of the probe's answer; CPU entries and others apart.
void ReadDevices(const std::string& text, std::vector<v1::Device>& cpus, std::vector<v1::Device>& gpus) {
  const absl::StatusOr<json::value> value = ParseJson(text);
  if (!value.ok() || !value->is_object()) return;
  const json::value* devices = value->as_object().if_contains("devices");
  if (devices == nullptr || !devices->is_array()) return;
  for (const json::value& item : devices->as_array()) {
    if (!item.is_object()) continue;
    v1::Device device;
    device.set_kind(TextOr(item.as_object(), "kind", "cpu"));
    device.set_model(TextOr(item.as_object(), "model", ""));
    device.set_memory_bytes(static_cast<uint64_t>(IntegerOr(item.as_object(), "memory_bytes", 0)));
    device.set_hardware_class(TextOr(item.as_object(), "hardware_class", ""));
    (device.kind() == "cpu" ? cpus : gpus).push_back(device);
  }
}

}  // namespace

absl::Status Trainers::Add(const std::string& entry) {
  const size_t equals = entry.find('=');
  const std::string name = entry.substr(0, equals);
  if (equals == std::string::npos || !IsPlainName(name)) {
    return absl::InvalidArgumentError(absl::StrCat("--trainer ", entry, ": write NAME=/path/to/program"));
  }
  const std::string path = std::filesystem::absolute(entry.substr(equals + 1)).string();
  if (access(path.c_str(), X_OK) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("--trainer ", entry, ": ", path, ": ", strerror(errno)));
  }
  programs_[name] = path;
  return absl::OkStatus();
}

std::vector<std::string> Trainers::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, path] : programs_) names.push_back(name);
  return names;
}

std::optional<shim::Words> Trainers::CommandFor(const std::string& name, const std::string& spec_path) const {
  const auto found = programs_.find(name);
  if (found == programs_.end()) return std::nullopt;
  if (name == kBuiltIn) return shim::Words{found->second, "run", spec_path};
  return shim::Words{found->second, spec_path};
}

std::vector<SlotPlace> PlacesFrom(const std::string& probe_json, int slots, int cores) {
  std::vector<v1::Device> cpus, gpus;
  ReadDevices(probe_json, cpus, gpus);
  if (cpus.empty()) {
    cpus.emplace_back();
    cpus.back().set_kind("cpu");
  }
  const std::vector<v1::Device>& devices = gpus.empty() ? cpus : gpus;
  const int count = slots > 0 ? slots : gpus.empty() ? cores : static_cast<int>(gpus.size());
  std::vector<SlotPlace> places;
  for (int slot = 0; slot < count; ++slot) {
    const size_t index = static_cast<size_t>(slot) % devices.size();
    const v1::Device& device = devices[index];
    const std::string name = device.kind() == "cpu" ? "cpu" : absl::StrCat(device.kind(), ":", index);
    places.push_back({device, {name, std::max(1, cores / count)}});
  }
  return places;
}

std::string RunProbe(const std::string& program, std::string& why) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return "";
  const pid_t pid = SpawnProbe(program, ends[1]);
  close(ends[1]);
  std::string text;
  int status = 0;
  const bool whole = pid > 0 && ReadAll(ends[0], text);
  close(ends[0]);
  if (pid > 0 && !whole) kill(pid, SIGKILL);
  if (pid > 0) waitpid(pid, &status, 0);
  if (whole && WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  why = absl::StrCat(program, " probe ", pid > 0 ? "failed or did not answer" : "cannot be started");
  return "";
}

}  // namespace plasa::worker
