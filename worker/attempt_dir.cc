#include "worker/attempt_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/utf8.h"
#include "common/runtime/json.h"
#include "worker/json_file.h"
#include "worker/shim/exit_file.h"

namespace plasa::worker {
namespace {

namespace json = boost::json;

constexpr const char* kSettledMark = "/settled";

absl::StatusOr<json::value> ParseMember(const std::string& text, const char* name) {
  absl::StatusOr<json::value> value = ParseJson(text.empty() ? "{}" : text);
  if (!value.ok() || !value->is_object())
    return absl::InvalidArgumentError(absl::StrCat("the lease's ", name, " is not a JSON object"));
  return value;
}

json::value ResumeOf(const v1::Lease& lease) {
  if (!lease.has_resume()) return nullptr;
  const v1::Checkpoint& resume = lease.resume();
  return json::object{
      {"path", absl::StrCat("checkpoints/step-", resume.step())}, {"digest", resume.digest()}, {"step", resume.step()}};
}

}  // namespace

absl::Status MakeAttemptDir(const std::string& dir) {
  const auto failed = [&dir] {
    return absl::ResourceExhaustedError(absl::StrCat("cannot make ", dir, ": ", strerror(errno)));
  };
  if (mkdir(dir.c_str(), 0755) != 0 && errno != EEXIST) return failed();
  const int fd = open((dir + "/events.jsonl").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return failed();
  close(fd);
  return absl::OkStatus();
}

absl::Status WriteSpec(const std::string& dir, const v1::Lease& lease, const Place& place,
                       const std::string& data_path) {
  absl::StatusOr<json::value> params = ParseMember(lease.params_json(), "parameters");
  if (!params.ok()) return params.status();
  absl::StatusOr<json::value> data = ParseMember(lease.data_json(), "data");
  if (!data.ok()) return data.status();
  if (!data_path.empty()) {
    data->as_object().erase("artifact");
    data->as_object()["path"] = data_path;
  }
  const json::object spec{{"v", 1},
                          {"trial", lease.trial()},
                          {"attempt", lease.attempt()},
                          {"token", lease.token()},
                          {"slot", lease.slot()},
                          {"dir", dir},
                          {"trainer", lease.trainer()},
                          {"params", *std::move(params)},
                          {"data", *std::move(data)},
                          {"device", place.device},
                          {"threads", place.threads},
                          {"checkpoint_every_s", static_cast<double>(lease.checkpoint_every_ms()) / 1000},
                          {"timeout_ms", lease.timeout_ms()},
                          {"resume", ResumeOf(lease)}};
  if (shim::WriteFile(dir, "spec.json", json::serialize(spec) + "\n")) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("cannot write ", dir, "/spec.json: ", strerror(errno)));
}

std::optional<AttemptKey> ReadKey(const std::string& dir) {
  const std::optional<json::object> spec = ReadJsonFile(dir + "/spec.json");
  if (!spec) return std::nullopt;
  AttemptKey key;
  key.token = static_cast<uint64_t>(IntegerOr(*spec, "token", 0));
  key.trial = TextOr(*spec, "trial", "");
  key.slot = static_cast<int>(IntegerOr(*spec, "slot", -1));
  key.timeout_ms = static_cast<uint64_t>(IntegerOr(*spec, "timeout_ms", 0));
  key.trainer = TextOr(*spec, "trainer", "");
  return key.token == 0 ? std::nullopt : std::optional(key);
}

std::optional<core::Exit> ReadExit(const std::string& dir) {
  const std::optional<json::object> record = ReadJsonFile(dir + "/exit.json");
  if (!record) return std::nullopt;
  const json::value* oom = record->if_contains("oom");
  return core::Exit{static_cast<int>(IntegerOr(*record, "code", 0)), static_cast<int>(IntegerOr(*record, "signal", 0)),
                    oom != nullptr && oom->is_bool() && oom->as_bool()};
}

std::optional<shim::ProcessIdentity> ReadTrainer(const std::string& dir) {
  const std::optional<json::object> file = ReadJsonFile(dir + "/shim.json");
  if (!file) return std::nullopt;
  return shim::ProcessIdentity{static_cast<pid_t>(IntegerOr(*file, "pid", 0)),
                               static_cast<uint64_t>(IntegerOr(*file, "start_time", 0)), TextOr(*file, "boot_id", "")};
}

void MarkSettled(const std::string& dir) {
  const int fd = open((dir + kSettledMark).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd >= 0) close(fd);
}

bool IsSettled(const std::string& dir) { return access((dir + kSettledMark).c_str(), F_OK) == 0; }

LogEnd LogTail(const std::string& dir, size_t max_bytes) {
  std::ifstream file(dir + "/output.log", std::ios::binary | std::ios::ate);
  if (!file) return {};
  const auto size = static_cast<size_t>(file.tellg());
  size_t from = size > max_bytes ? size - max_bytes : 0;
  file.seekg(static_cast<std::streamoff>(from));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t cut = from > 0 ? std::min(text.find('\n') + 1, text.size()) : 0;
  text.erase(0, cut);
  from += cut;
  return {from, ToUtf8OfSameLength(std::move(text))};
}

bool IsPlainName(const std::string& name) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace plasa::worker
