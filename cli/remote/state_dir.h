// The state directory: where a coordinator of this machine says how to reach it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace plasa::cli {

// What DIR/endpoints.json says.
struct Endpoints {
  std::string http;
  std::string grpc;
  int pid = 0;
};

// `flag`, else PLASA_STATE, else plasa below the XDG data home. Absolute; need not exist.
[[nodiscard]] std::filesystem::path StateDirectory(const std::string& flag);

// NOT_FOUND where no coordinator has ever served from `dir`.
[[nodiscard]] absl::StatusOr<Endpoints> ReadEndpoints(const std::filesystem::path& dir);

// The text of a token file without its line end. Refuses a file that is empty or holds anything else.
[[nodiscard]] absl::StatusOr<std::string> ReadTokenFile(const std::filesystem::path& file);

// The whole file; NOT_FOUND or PERMISSION_DENIED with the system's reason.
[[nodiscard]] absl::StatusOr<std::string> ReadFile(const std::filesystem::path& file);

// Writes the whole file, its directory too.
[[nodiscard]] absl::Status WriteFile(const std::filesystem::path& file, absl::string_view text);

// Whether a process of that number exists.
[[nodiscard]] bool ProcessLives(int pid);

}  // namespace plasa::cli
