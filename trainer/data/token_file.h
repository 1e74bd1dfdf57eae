// Token files on disk: llm.c, headerless 16-bit, and the sidecar of document offsets. All numbers are little-endian.
#pragma once

#include <filesystem>

#include "common/base/result.h"
#include "trainer/data/tokens.h"

namespace plasa::trainer {

// Maps an llm.c token file (magic 20240520: 16-bit ids, 20240801: 32-bit ids) and checks magic, version and size.
// Documents come from `<path>.docs` if it is there, else the file is one document.
[[nodiscard]] Result<Tokens> OpenLlmcFile(const std::filesystem::path& path);

// Maps a headerless file of 16-bit ids (nanoGPT). Documents as above.
[[nodiscard]] Result<Tokens> OpenHeaderlessFile(const std::filesystem::path& path);

// Writes `<path>` (llm.c, ids as wide as those of `tokens`) and `<path>.docs`, each under a temporary name first.
// `path` is renamed last, so a token file that exists has its sidecar. Fails on more than 2^32 - 1 tokens.
[[nodiscard]] Outcome WriteLlmcFile(const std::filesystem::path& path, const Tokens& tokens);

}  // namespace plasa::trainer
