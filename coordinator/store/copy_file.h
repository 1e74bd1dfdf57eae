// Copies of whole files that are on the disk when the call returns.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/runtime/unique_fd.h"

namespace plasa::store {

struct CopiedFile {
  uint64_t bytes = 0;
  std::string sha256;
};

// NOT_FOUND when there is no such file.
[[nodiscard]] absl::StatusOr<UniqueFd> OpenToRead(const std::string& path);

// What is left of `from` becomes the new file `to` with mode 0600, fsynced; `from_path` is for messages. The directory
// of `to` is not synced: SyncTree does that for all.
[[nodiscard]] absl::StatusOr<CopiedFile> CopyFile(const UniqueFd& from, const std::string& from_path,
                                                  const std::string& to);

// Copies the files of a directory, without those below; success when there is no such directory.
[[nodiscard]] absl::Status CopyFilesOf(const std::string& from, const std::string& to);

// Syncs a directory and all below it, so that every name in them survives a power cut.
[[nodiscard]] absl::Status SyncTree(const std::string& directory);

}  // namespace plasa::store
