// One process at a time on a state directory.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/runtime/unique_fd.h"

namespace plasa {

// An exclusive flock, held as long as the object (or its process) lives. The kernel frees it however the process ends.
class FileLock {
 public:
  // FAILED_PRECONDITION when another process holds it; the file is made when it is missing and never removed.
  [[nodiscard]] static absl::StatusOr<FileLock> Take(const std::string& path);

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace plasa
