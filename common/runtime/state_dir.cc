#include "common/runtime/state_dir.h"

#include <cstdlib>
#include <filesystem>

namespace plasa {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::filesystem::path Chosen(absl::string_view flag) {
  if (!flag.empty()) return std::string(flag);
  if (const std::string state = Environment("PLASA_STATE"); !state.empty()) return state;
  if (const std::string data = Environment("XDG_DATA_HOME"); !data.empty() && data[0] == '/') return data + "/plasa";
  const std::string home = Environment("HOME");
  return (home.empty() ? "/tmp" : home) + "/.local/share/plasa";
}

}  // namespace

std::string StateDirectory(absl::string_view flag) {
  std::error_code error;
  const std::filesystem::path chosen = Chosen(flag);
  const std::filesystem::path absolute = std::filesystem::absolute(chosen, error);
  std::string path = (error ? chosen : absolute).lexically_normal().string();
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace plasa
