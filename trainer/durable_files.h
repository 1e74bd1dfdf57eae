// Files that are on the disk when a call returns.
#pragma once

#include <filesystem>
#include <string>

#include "common/base/result.h"

namespace plasa::trainer {

// fsync of a file or a directory.
[[nodiscard]] Outcome SyncPath(const std::filesystem::path& path);

// Writes `text` to `path` and fsyncs it.
[[nodiscard]] Outcome WriteDurable(const std::filesystem::path& path, const std::string& text);

// Renames and fsyncs the directory of the new name.
[[nodiscard]] Outcome RenameDurable(const std::filesystem::path& from, const std::filesystem::path& to);

// SHA-256 of a file, read piece by piece.
[[nodiscard]] Result<std::string> FileSha256(const std::filesystem::path& path);

}  // namespace plasa::trainer
