#include "common/sweep/source_text.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/utf8.h"
#include "common/sweep/refusal.h"
#include "common/sweep/yaml_tree.h"

namespace plasa::sweep {
namespace {

Mark MarkOf(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const size_t newline = before.rfind('\n');
  const size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1, static_cast<int>(offset - start) + 1};
}

// What JSON does not allow either.
bool IsControl(char c) { return static_cast<uint8_t>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; }

// The surrogate a "\uXXXX" at `i` stands for; 0 if none does.
uint32_t SurrogateAt(std::string_view text, size_t i) {
  if (i + 6 > text.size() || text[i] != '\\' || text[i + 1] != 'u') return 0;
  uint32_t unit = 0;
  const char* const end = text.data() + i + 6;
  const auto read = std::from_chars(text.data() + i + 2, end, unit, 16);
  return read.ptr == end && unit >= 0xD800 && unit <= 0xDFFF ? unit : 0;
}

std::string LongEscape(uint32_t high, uint32_t low) {
  const uint32_t point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  std::string digits = "00000000";
  for (size_t k = 0; k < 8; ++k) digits[7 - k] = "0123456789abcdef"[(point >> (4 * k)) & 15];
  return "\\U" + digits;
}

std::optional<std::string> JoinedAt(std::string_view text, size_t i) {
  const uint32_t high = SurrogateAt(text, i);
  if (high < 0xD800 || high > 0xDBFF) return std::nullopt;
  const uint32_t low = SurrogateAt(text, i + 6);
  if (low < 0xDC00) return std::nullopt;
  return LongEscape(high, low);
}

}  // namespace

void CheckSourceText(std::string_view text) {
  if (text.size() > kMaxText) Refuse({}, "the file is larger than 1 MiB");
  for (size_t i = 0; i < text.size();) {
    const size_t length = Utf8Length(text.substr(i));
    if (length == 0) Refuse(MarkOf(text, i), "the file is not UTF-8 text");
    if (IsControl(text[i]))
      Refuse(MarkOf(text, i), "there is a control character here", "write it as an escape in quotes");
    i += length;
  }
}

std::string JoinSurrogateEscapes(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (const auto joined = JoinedAt(text, i)) {
      out += *joined;
      i += 12;
    } else {
      // An escaped backslash is no beginning of an escape.
      const size_t step = text[i] == '\\' && i + 1 < text.size() ? 2 : 1;
      out += text.substr(i, step);
      i += step;
    }
  }
  return out;
}

}  // namespace plasa::sweep
