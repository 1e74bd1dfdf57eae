#include "common/runtime/utf8.h"

#include <cstddef>
#include <cstdint>

namespace plasa {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

struct Form {
  unsigned char mask;
  unsigned char lead;
  size_t length;
  uint32_t lowest;
};
constexpr Form kForms[] = {{0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

// Bytes of the well-formed character that `bytes` begins with, or 0.
size_t CharacterLength(absl::string_view bytes) {
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

}  // namespace

std::string ToUtf8(absl::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t length = CharacterLength(bytes);
    const absl::string_view taken = length > 0 ? bytes.substr(0, length) : kReplacement;
    text.append(taken.data(), taken.size());
    bytes.remove_prefix(length > 0 ? length : 1);
  }
  return text;
}

}  // namespace plasa
