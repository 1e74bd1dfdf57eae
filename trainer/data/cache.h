// Tokenised corpora kept between runs: $XDG_CACHE_HOME/plasa or ~/.cache/plasa.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "trainer/data/tokens.h"

namespace plasa::trainer {

// The cache directory, made if need be; empty where none can be written.
[[nodiscard]] std::filesystem::path CacheDirectory();

// Names the tokens of `documents` in the cache by what they are made of; what made them is not part of it.
[[nodiscard]] std::string CacheNameOf(const std::vector<std::string>& documents);

// The tokens kept as `name`, or what `make` gives, which is then kept. A kept file that does not match the digest
// written beside it is made again. Not being able to keep it is no failure.
[[nodiscard]] Result<Tokens> CachedTokens(const std::string& name, const std::function<Result<Tokens>()>& make);

}  // namespace plasa::trainer
