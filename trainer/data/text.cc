#include "trainer/data/text.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;
constexpr size_t kPieceBytes = 2048;

bool IsHidden(const fs::path& relative) {
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return part.string().starts_with('.'); });
}

Result<std::vector<fs::path>> FilesOf(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path relative = it->path().lexically_relative(folder);
    if (it->is_regular_file(error) && !IsHidden(relative)) files.push_back(relative);
  }
  if (error) return Error{"cannot be read: " + error.message(), folder.string(), "check the permissions of the folder"};
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) { return a.string() < b.string(); });
  if (files.empty()) return Error{"holds no file", folder.string(), "put text files into it"};
  return files;
}

// Cuts one long text at blank lines into documents of at least kPieceBytes (the last may be shorter).
std::vector<std::string> Pieces(const std::string& text) {
  std::vector<std::string> pieces;
  size_t start = 0;
  while (start < text.size()) {
    size_t cut = text.size() - start > kPieceBytes ? text.find("\n\n", start + kPieceBytes) : std::string::npos;
    if (cut != std::string::npos) cut = text.find_first_not_of('\n', cut);
    const size_t end = std::min(cut, text.size());
    pieces.push_back(text.substr(start, end - start));
    start = end;
  }
  return pieces;
}

Result<std::string> ReadText(const fs::path& path, bool require_utf8) {
  auto text = ReadWholeFile(path);
  if (text && require_utf8 && !IsUtf8(*text)) {
    return Error{"is not UTF-8 text", path.string(), "convert it, move it away, or give format: bytes"};
  }
  return text;
}

Result<std::vector<std::string>> ReadOne(const fs::path& path, bool require_utf8) {
  auto text = ReadText(path, require_utf8);
  if (!text) return text.error();
  return Pieces(*text);
}

// Length of the UTF-8 sequence that starts with `lead`, 0 if none can.
size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

// The second byte rules out overlong forms, surrogates and values above U+10FFFF.
bool SecondByteFits(uint8_t lead, uint8_t second) {
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

}  // namespace

Result<std::string> ReadWholeFile(const fs::path& path) {
  std::error_code error;
  const auto size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  if (error || !fs::is_regular_file(path, error))
    return Error{"is not there or is no file", path.string(), "check the path"};
  std::string text(size, '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in.read(text.data(), static_cast<std::streamsize>(size))) {
    return Error{std::string("cannot be read: ") + std::strerror(errno), path.string(), "check its permissions"};
  }
  return text;
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const size_t length = SequenceLength(lead);
    if (length == 0 || i + length > text.size()) return false;
    if (length > 1 && !SecondByteFits(lead, static_cast<uint8_t>(text[i + 1]))) return false;
    for (size_t j = 2; j < length; ++j) {
      if ((static_cast<uint8_t>(text[i + j]) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

Result<std::vector<std::string>> ReadDocuments(const fs::path& path, bool require_utf8) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return ReadOne(path, require_utf8);
  auto files = FilesOf(path);
  if (!files) return files.error();
  if (files->size() == 1) return ReadOne(path / files->front(), require_utf8);
  std::vector<std::string> documents;
  for (const fs::path& file : *files) {
    auto text = ReadText(path / file, require_utf8);
    if (!text) return text.error();
    documents.push_back(std::move(*text));
  }
  return documents;
}

}  // namespace plasa::trainer
