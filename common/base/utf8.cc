#include "common/base/utf8.h"

#include <cstddef>
#include <cstdint>

namespace plasa {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Form {
  unsigned char mask;
  unsigned char lead;
  size_t length;
  uint32_t lowest;
};
constexpr Form kForms[] = {{0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

}  // namespace

size_t Utf8Length(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const auto first = static_cast<unsigned char>(bytes[0]);
  for (const Form& form : kForms) {
    if ((first & form.mask) != form.lead) continue;
    if (bytes.size() < form.length) return 0;
    uint32_t code = first & static_cast<unsigned char>(~form.mask);
    for (size_t i = 1; i < form.length; ++i) {
      const auto next = static_cast<unsigned char>(bytes[i]);
      if ((next & 0xC0) != 0x80) return 0;
      code = code << 6 | (next & 0x3F);
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < form.lowest || surrogate || code > 0x10FFFF ? 0 : form.length;
  }
  return 0;
}

bool IsUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t length = Utf8Length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string ToUtf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t length = Utf8Length(bytes);
    const std::string_view taken = length > 0 ? bytes.substr(0, length) : kReplacement;
    text += taken;
    bytes.remove_prefix(length > 0 ? length : 1);
  }
  return text;
}

std::string ToUtf8OfSameLength(std::string bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const size_t length = Utf8Length(std::string_view(bytes).substr(i));
    if (length == 0) bytes[i] = '?';
    i += length > 0 ? length : 1;
  }
  return bytes;
}

std::string Shortened(const std::string& text) {
  constexpr size_t kBeginning = 700, kEnd = 300;
  if (text.size() <= kBeginning + kEnd) return text;
  const auto is_inside = [&](size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  size_t beginning = kBeginning, end = text.size() - kEnd;
  while (beginning > 0 && is_inside(beginning)) --beginning;
  while (is_inside(end)) ++end;
  return text.substr(0, beginning) + " \u2026 " + text.substr(end);
}

}  // namespace plasa
