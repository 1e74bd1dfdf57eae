#include "cli/remote/state_dir.h"

#include <signal.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "common/base/token_text.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

fs::path DefaultStateDirectory() {
  const char* xdg = std::getenv("XDG_DATA_HOME");
  if (xdg != nullptr && *xdg == '/') return fs::path(xdg) / "plasa";
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home != '\0' ? home : "/tmp") / ".local/share/plasa";
}

absl::Status FileFailure(const fs::path& file, absl::string_view verb) {
  const int reason = errno;
  const auto code = reason == ENOENT ? absl::StatusCode::kNotFound : absl::StatusCode::kPermissionDenied;
  return Failure(code, absl::StrCat("cannot ", verb, " ", file.string(), ": ", std::strerror(reason)),
                 reason == ENOENT ? "check the path" : "check who owns it and its mode (ls -l)");
}

std::string TextMember(const boost::json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

fs::path StateDirectory(const std::string& flag) {
  if (!flag.empty()) return fs::absolute(flag).lexically_normal();
  const char* env = std::getenv("PLASA_STATE");
  if (env != nullptr && *env != '\0') return fs::absolute(env).lexically_normal();
  return DefaultStateDirectory();
}

absl::StatusOr<Endpoints> ReadEndpoints(const fs::path& dir) {
  const auto text = ReadFile(dir / "endpoints.json");
  if (absl::IsNotFound(text.status())) {
    return Failure(absl::StatusCode::kUnavailable, absl::StrCat("no coordinator has run in ", dir.string()),
                   "start one with `plasactl up`, or name another with --state DIR or --coordinator HOST:PORT");
  }
  if (!text.ok()) return text.status();
  const auto object = ParseObjectOrEmpty(*text);
  Endpoints endpoints{TextMember(object, "http"), TextMember(object, "grpc"), 0};
  if (const auto* pid = object.if_contains("pid"); pid != nullptr && pid->is_int64()) {
    endpoints.pid = static_cast<int>(pid->get_int64());
  }
  if (endpoints.grpc.empty()) {
    return Failure(absl::StatusCode::kUnavailable, absl::StrCat((dir / "endpoints.json").string(), " is damaged"),
                   "start the coordinator again; it writes the file anew");
  }
  return endpoints;
}

absl::StatusOr<std::string> ReadTokenFile(const fs::path& file) {
  auto text = ReadFile(file);
  if (!text.ok()) {
    return Failure(absl::StatusCode::kPermissionDenied, std::string(text.status().message()),
                   "name a readable token file with --token-file");
  }
  const std::string token(absl::StripAsciiWhitespace(*text));
  if (IsTokenText(token)) return token;
  return Failure(absl::StatusCode::kPermissionDenied,
                 absl::StrCat("the token file ", file.string(), token.empty() ? " is empty" : " holds no token"),
                 "name a token file with --token-file: one line, as the coordinator keeps it in DIR/tokens");
}

absl::StatusOr<std::string> ReadFile(const fs::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) return FileFailure(file, "read");
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad() || (text.str().empty() && fs::is_directory(file))) {
    errno = EISDIR;
    return FileFailure(file, "read");
  }
  return text.str();
}

absl::Status WriteFile(const fs::path& file, absl::string_view text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return FileFailure(file, "write");
  return absl::OkStatus();
}

bool ProcessLives(int pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

}  // namespace plasa::cli
