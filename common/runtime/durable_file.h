// Files that are either wholly there after a power cut, or not there at all.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace plasa {

// A status for a failed system call on `path`: RESOURCE_EXHAUSTED for a full disk, PERMISSION_DENIED, NOT_FOUND, else
// INTERNAL; the message is "cannot VERB PATH: REASON".
[[nodiscard]] absl::Status FileError(absl::string_view verb, absl::string_view path, int error_number);

// Replaces `path` by `text`: temporary file in the same directory, fsync, rename, fsync of the directory.
[[nodiscard]] absl::Status WriteFileDurably(const std::string& path, absl::string_view text, mode_t mode = 0644);

// Makes a rename or removal in `directory` survive a power cut.
[[nodiscard]] absl::Status SyncDirectory(const std::string& directory);

// Makes the directory and its parents; success when it is there already.
[[nodiscard]] absl::Status MakeDirectories(const std::string& path, mode_t mode = 0755);

// The whole file. NOT_FOUND when there is none.
[[nodiscard]] absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

}  // namespace plasa
