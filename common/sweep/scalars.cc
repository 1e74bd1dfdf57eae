#include "common/sweep/scalars.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "common/base/number_text.h"

namespace plasa::sweep {
namespace {

constexpr std::string_view kYamlTags = "tag:yaml.org,2002:";

template <size_t N>
bool OneOf(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsNullWord(std::string_view text) {
  return OneOf(text, std::array<std::string_view, 5>{"", "~", "null", "Null", "NULL"});
}

std::optional<bool> ReadBool(std::string_view text) {
  if (OneOf(text, std::array<std::string_view, 3>{"true", "True", "TRUE"})) return true;
  if (OneOf(text, std::array<std::string_view, 3>{"false", "False", "FALSE"})) return false;
  return std::nullopt;
}

size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

std::string_view WithoutSign(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-') ? text.substr(1) : text;
}

// [-+]? [0-9]+
bool LooksWhole(std::string_view text) {
  text = WithoutSign(text);
  return !text.empty() && SkipDigits(text, 0) == text.size();
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool LooksReal(std::string_view text) {
  text = WithoutSign(text);
  size_t at = SkipDigits(text, 0);
  const size_t whole = at;
  if (at < text.size() && text[at] == '.') at = SkipDigits(text, at + 1);
  if (whole == 0 && at < 2) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  const std::string_view exponent = WithoutSign(text.substr(at + 1));
  return !exponent.empty() && SkipDigits(exponent, 0) == exponent.size();
}

std::optional<int64_t> ReadBased(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'o')) return std::nullopt;
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 2, end, number, text[1] == 'x' ? 16 : 8);
  const bool good = read.ec == std::errc{} && read.ptr == end && text[2] != '-';
  return good ? std::optional(number) : std::nullopt;
}

std::optional<double> ReadSpecial(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (OneOf(text, std::array<std::string_view, 3>{".nan", ".NaN", ".NAN"}))
    return std::numeric_limits<double>::quiet_NaN();
  if (!OneOf(WithoutSign(text), std::array<std::string_view, 3>{".inf", ".Inf", ".INF"})) return std::nullopt;
  return text[0] == '-' ? -kInfinity : kInfinity;
}

// from_chars knows no plus sign.
std::string_view WithoutPlus(std::string_view text) { return text.starts_with('+') ? text.substr(1) : text; }

double ReadReal(const std::string& text, const Mark& mark) {
  const auto number = ParseDouble(WithoutPlus(text));
  if (!number) Refuse(mark, text + " is out of the range of numbers", "quote it if it is text");
  return *number;
}

std::optional<Value> ReadNumber(const std::string& text, const Mark& mark) {
  if (LooksWhole(text)) {
    if (const auto whole = ParseInt(WithoutPlus(text))) return Value(*whole);
    return Value(ReadReal(text, mark));
  }
  if (LooksReal(text)) return Value(ReadReal(text, mark));
  if (const auto based = ReadBased(text)) return Value(*based);
  if (const auto special = ReadSpecial(text)) return Value(*special);
  return std::nullopt;
}

[[noreturn]] void RefuseTag(const std::string& text, const std::string& type, const Mark& mark) {
  Refuse(mark, JsonQuote(text) + " is not of the type its tag !!" + type + " names");
}

Value TypedScalar(const std::string& text, const std::string& type, const Mark& mark) {
  if (type == "str") return Value(text);
  const Value value = PlainScalar(text, mark);
  if (type == "null" && value.IsNull()) return value;
  if (type == "bool" && value.Is<bool>()) return value;
  if (type == "int" && value.Is<int64_t>()) return value;
  if (type == "float" && value.IsNumber()) return Value(value.Number());
  RefuseTag(text, type, mark);
}

}  // namespace

Value PlainScalar(const std::string& text, const Mark& mark) {
  if (IsNullWord(text)) return Value();
  if (const auto boolean = ReadBool(text)) return Value(*boolean);
  if (const auto number = ReadNumber(text, mark)) return *number;
  return Value(text);
}

Value TaggedScalar(const std::string& text, const std::string& tag, const Mark& mark) {
  if (tag == "!") return Value(text);
  if (tag.starts_with(kYamlTags)) {
    const std::string type = tag.substr(kYamlTags.size());
    if (OneOf(type, std::array<std::string_view, 5>{"str", "null", "bool", "int", "float"}))
      return TypedScalar(text, type, mark);
  }
  Refuse(mark, "unknown tag " + tag, "known are !!str, !!int, !!float, !!bool, !!null");
}

int OldBoolean(std::string_view text) {
  if (OneOf(text, std::array<std::string_view, 6>{"yes", "Yes", "YES", "on", "On", "ON"})) return 1;
  if (OneOf(text, std::array<std::string_view, 6>{"no", "No", "NO", "off", "Off", "OFF"})) return 0;
  return -1;
}

}  // namespace plasa::sweep
