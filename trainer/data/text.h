// Plain text as documents: a folder (one document a file) or a single file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace plasa::trainer {

// The documents of `path`. A folder: its regular files, hidden ones left out, subfolders included, in order of their
// relative path, one document each. A single file, or a folder with just one: a document ends at the first blank line
// after 2048 bytes, so that training and validation can be told apart. Fails if nothing can be read, or if
// `require_utf8` and a file is not UTF-8.
[[nodiscard]] Result<std::vector<std::string>> ReadDocuments(const std::filesystem::path& path, bool require_utf8);

// The whole file as bytes.
[[nodiscard]] Result<std::string> ReadWholeFile(const std::filesystem::path& path);

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool IsUtf8(std::string_view text);

}  // namespace plasa::trainer
