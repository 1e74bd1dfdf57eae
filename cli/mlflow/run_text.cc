#include "cli/mlflow/run_text.h"

#include <cmath>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/output/json_text.h"
#include "cli/remote/words.h"
#include "common/base/sha256.h"
#include "common/base/utf8.h"

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;

constexpr size_t kKeyBytes = 250, kParamBytes = 6000, kTagBytes = 5000;
constexpr size_t kHashDigits = 8;

bool IsAllowed(char c) {
  return absl::ascii_isalnum(c) || (c != '\0' && std::string("_-. /:").find(c) != std::string::npos);
}

// MLflow keeps some stores in files and refuses names that would lead elsewhere: "../a", "a//b", "a/".
bool IsPlainPath(const std::string& name) {
  const std::string plain = std::filesystem::path(name).lexically_normal().string();
  return name == plain && name != "." && name[0] != '/' && !absl::StartsWith(name, "..") && name.back() != '/';
}

std::string Cut(const std::string& text, size_t bytes) {
  std::string out;
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    length = std::max<size_t>(1, Utf8Length(std::string_view(text).substr(at)));
    if (at + length > bytes) break;
    out.append(text, at, length);
  }
  return out;
}

std::string ValueText(const boost::json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : JsonText(value);
}

int64_t Milliseconds(double unix_s) { return std::llround(1000 * unix_s); }

const char* YesOrNo(bool yes) { return yes ? "true" : "false"; }

}  // namespace

std::string KeyOf(const std::string& name) {
  std::string key = name;
  for (char& c : key) c = IsAllowed(c) ? c : '_';
  if (key == name && !name.empty() && name.size() <= kKeyBytes && IsPlainPath(name)) return name;
  for (char& c : key) c = c == '/' || c == '.' ? '_' : c;
  return absl::StrCat(key.substr(0, kKeyBytes - kHashDigits - 1), "_", Sha256Hex(name).substr(0, kHashDigits));
}

std::string RunTitle(const pb::Trial& trial, const std::string& name) {
  return Cut(IsInvalid(trial) ? absl::StrCat("INVALID ", name) : name, kKeyBytes);
}

std::string RunStatus(pb::TrialState state) {
  switch (state) {
    case pb::TRIAL_SUCCEEDED:
      return "FINISHED";
    case pb::TRIAL_FAILED:
    case pb::TRIAL_QUARANTINED:
      return "FAILED";
    case pb::TRIAL_CANCELED:
    case pb::TRIAL_PRUNED:
      return "KILLED";
    case pb::TRIAL_QUEUED:
      return "SCHEDULED";
    default:
      return "RUNNING";
  }
}

KeyValues RunParams(const pb::Trial& trial) {
  KeyValues params;
  for (const auto& member : ParseObjectOrEmpty(trial.params_json()))
    params.emplace_back(KeyOf(std::string(member.key())), Cut(ValueText(member.value()), kParamBytes));
  return params;
}

KeyValues RunTags(const pb::Sweep& sweep, const pb::Trial& trial) {
  KeyValues tags{{"plasa.trial", trial.id()},
                 {"plasa.sweep", sweep.id()},
                 {"plasa.seed", absl::StrCat(trial.seed())},
                 {"plasa.state", StateWord(trial.state())},
                 {"plasa.admitted", YesOrNo(trial.admitted())},
                 {"plasa.valid", YesOrNo(trial.valid())},
                 {"plasa.attempt", absl::StrCat(NewestAttempt(trial))}};
  if (IsInvalid(trial)) tags.emplace_back("plasa.invalid_reasons", Cut(InvalidText(trial), kTagBytes));
  return tags;
}

int64_t NewestAttempt(const pb::Trial& trial) {
  return trial.attempts().empty() ? 0 : trial.attempts().rbegin()->number();
}

int64_t StartMs(const pb::Trial& trial) {
  return trial.attempts().empty() ? 0 : Milliseconds(trial.attempts(0).created_unix_s());
}

int64_t EndMs(const pb::Trial& trial) {
  if (!Ended(trial.state()) || trial.attempts().empty()) return 0;
  return Milliseconds(trial.attempts().rbegin()->ended_unix_s());
}

}  // namespace plasa::cli
