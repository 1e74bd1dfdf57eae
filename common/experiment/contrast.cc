#include "common/experiment/contrast.h"

#include <cmath>

#include "common/base/number_text.h"

namespace plasa {
namespace {

constexpr std::string_view kForm = "expected: a - b at seq_len=1024 on val/loss";

std::string_view Trimmed(std::string_view text) {
  const size_t from = text.find_first_not_of(' ');
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

// Cuts `text` before the last `word` and returns what stood behind it; empty where there is none.
std::string_view CutBehind(std::string_view* text, std::string_view word) {
  const size_t at = text->rfind(word);
  if (at == std::string_view::npos) return {};
  const std::string_view behind = text->substr(at + word.size());
  *text = text->substr(0, at);
  return Trimmed(behind);
}

Error Refused(std::string_view text, const std::string& why) {
  return Error{"the contrast \"" + std::string(text) + "\" " + why, "plasa.contrasts", std::string(kForm)};
}

}  // namespace

Result<Contrast> ParseContrast(std::string_view text, const std::string& metric) {
  std::string_view rest = text;
  Contrast contrast;
  const std::string_view on = CutBehind(&rest, " on ");
  contrast.metric = on.empty() ? metric : std::string(on);
  if (const std::string_view at = CutBehind(&rest, " at "); !at.empty()) {
    constexpr std::string_view kKey = "seq_len=";
    const auto length = at.starts_with(kKey) ? ParseDouble(at.substr(kKey.size())) : std::nullopt;
    if (!length || *length < 1 || *length != std::floor(*length)) return Refused(text, "has no length behind \"at\"");
    contrast.seq_len = static_cast<int64_t>(*length);
  }
  const size_t minus = rest.find(" - ");
  if (minus == std::string_view::npos) return Refused(text, "has no \" - \"");
  contrast.a = Trimmed(rest.substr(0, minus));
  contrast.b = Trimmed(rest.substr(minus + 3));
  if (contrast.a.empty() || contrast.b.empty()) return Refused(text, "has an empty side");
  return contrast;
}

}  // namespace plasa
