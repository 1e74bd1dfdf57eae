#include "common/base/value.h"

#include "common/base/number_text.h"

namespace plasa {

std::string JsonQuote(const std::string& text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kDigits[c >> 4];
          out += kDigits[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

std::string Value::CanonicalJson() const {
  if (IsNull()) return "null";
  if (Is<bool>()) return As<bool>() ? "true" : "false";
  if (Is<int64_t>()) return std::to_string(As<int64_t>());
  if (Is<double>()) {
    const std::string text = NumberText(As<double>());
    const bool finite = text.back() != 'N' && text.back() != 'y';
    return finite ? text : '"' + text + '"';
  }
  if (Is<std::string>()) return JsonQuote(As<std::string>());
  std::string out;
  if (Is<List>()) {
    for (const Value& item : As<List>()) out += (out.empty() ? "" : ",") + item.CanonicalJson();
    return '[' + out + ']';
  }
  for (const auto& [key, item] : As<Object>())
    out += (out.empty() ? "" : ",") + JsonQuote(key) + ':' + item.CanonicalJson();
  return '{' + out + '}';
}

}  // namespace plasa
