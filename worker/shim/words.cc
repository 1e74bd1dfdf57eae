#include "worker/shim/words.h"

#include <algorithm>

namespace plasa::shim {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kEmptyWord = "%";

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '%' || c == 0x7f; }

void AppendEscaped(const std::string& word, std::string& line) {
  for (char c : word) {
    if (!NeedsEscape(c)) {
      line += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    line += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
}

std::optional<std::string> Unescape(std::string_view word) {
  std::string out;
  if (word == kEmptyWord) return out;
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '%') {
      out += word[i];
      continue;
    }
    if (i + 2 >= word.size()) return std::nullopt;
    const size_t high = kHex.find(word[i + 1]);
    const size_t low = kHex.find(word[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

}  // namespace

std::string JoinWords(const Words& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    if (word.empty()) line += kEmptyWord;
    AppendEscaped(word, line);
  }
  return line + '\n';
}

std::optional<Words> SplitWords(std::string_view line) {
  Words words;
  size_t at = 0;
  while (at < line.size()) {
    const size_t end = std::min(line.find(' ', at), line.size());
    if (end > at) {
      std::optional<std::string> word = Unescape(line.substr(at, end - at));
      if (!word) return std::nullopt;
      words.push_back(std::move(*word));
    }
    at = end + 1;
  }
  return words;
}

std::optional<std::string> TakeLine(std::string& buffer) {
  const size_t end = buffer.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer.substr(0, end);
  buffer.erase(0, end + 1);
  return line;
}

}  // namespace plasa::shim
