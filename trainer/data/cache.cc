#include "trainer/data/cache.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "common/base/sha256.h"
#include "trainer/data/text.h"
#include "trainer/data/token_file.h"

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;

// $XDG_CACHE_HOME if absolute, else $HOME/.cache, else nothing.
fs::path CacheRoot() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && fs::path(cache).is_absolute()) return cache;
  const char* home = std::getenv("HOME");
  if (home != nullptr && fs::path(home).is_absolute()) return fs::path(home) / ".cache";
  return {};
}

// Written after the token file: a file without its digest is not trusted.
void Keep(const fs::path& file, Tokens& tokens) {
  if (WriteLlmcFile(file, tokens)) return;
  const fs::path temporary = file.string() + ".digest.tmp" + std::to_string(getpid());
  std::ofstream(temporary) << tokens.Digest();
  std::error_code ignored;
  fs::rename(temporary, file.string() + ".digest", ignored);
}

}  // namespace

fs::path CacheDirectory() {
  const fs::path root = CacheRoot();
  if (root.empty()) return {};
  std::error_code error;
  fs::create_directories(root / "plasa", error);
  return !error && access((root / "plasa").c_str(), W_OK) == 0 ? root / "plasa" : fs::path{};
}

std::string CacheNameOf(const std::vector<std::string>& documents) {
  Sha256 digest;
  for (const std::string& document : documents) {
    digest.Update(std::to_string(document.size()) + "\n");
    digest.Update(document);
  }
  return "text-" + digest.Hex();
}

Result<Tokens> CachedTokens(const std::string& name, const std::function<Result<Tokens>()>& make) {
  const fs::path directory = CacheDirectory();
  if (directory.empty()) return make();
  const fs::path file = directory / (name + ".bin");
  if (auto digest = ReadWholeFile(file.string() + ".digest")) {
    auto kept = OpenLlmcFile(file);
    if (kept && kept->Digest() == *digest) return kept;
  }
  auto made = make();
  if (made) Keep(file, *made);
  return made;
}

}  // namespace plasa::trainer
