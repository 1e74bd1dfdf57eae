#include "common/runtime/json.h"

#include <boost/json.hpp>
#include <cmath>

#include "common/base/number_text.h"
#include "common/runtime/exact_json.h"

namespace plasa {
namespace {

namespace json = boost::json;

constexpr size_t kMaxDepth = 32;

json::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

const json::value* Member(const json::object& object, absl::string_view key) { return object.if_contains(View(key)); }

}  // namespace

absl::StatusOr<json::value> ParseJson(absl::string_view text) { return ParseExactly(text, kMaxDepth); }

json::object ParseObjectOrEmpty(absl::string_view text) {
  auto value = ParseJson(text);
  return value.ok() && value->is_object() ? std::move(value->get_object()) : json::object();
}

json::value JsonNumber(double value) {
  if (std::isfinite(value)) return value;
  return json::string(NumberText(value));
}

std::optional<double> NumberOf(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string()) return std::nullopt;
  const json::string& text = value.get_string();
  if (text == "NaN") return std::nan("");
  if (text == "Infinity") return HUGE_VAL;
  if (text == "-Infinity") return -HUGE_VAL;
  return std::nullopt;
}

std::string TextOr(const json::object& object, absl::string_view key, absl::string_view fallback) {
  const json::value* member = Member(object, key);
  return member != nullptr && member->is_string() ? std::string(member->get_string()) : std::string(fallback);
}

double NumberOr(const json::object& object, absl::string_view key, double fallback) {
  const json::value* member = Member(object, key);
  return member == nullptr ? fallback : NumberOf(*member).value_or(fallback);
}

int64_t IntegerOr(const json::object& object, absl::string_view key, int64_t fallback) {
  const json::value* member = Member(object, key);
  if (member == nullptr || !member->is_number()) return fallback;
  json::error_code error;
  const auto number = member->to_number<int64_t>(error);
  return error ? fallback : number;
}

bool BoolOr(const json::object& object, absl::string_view key, bool fallback) {
  const json::value* member = Member(object, key);
  return member != nullptr && member->is_bool() ? member->get_bool() : fallback;
}

Value ToValue(const json::value& value) {
  switch (value.kind()) {
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::int64:
      return value.get_int64();
    case json::kind::uint64:
    case json::kind::double_:
      return value.to_number<double>();
    case json::kind::string:
      return std::string(value.get_string());
    case json::kind::array: {
      Value::List list;
      for (const json::value& item : value.get_array()) list.push_back(ToValue(item));
      return list;
    }
    case json::kind::object: {
      Value::Object object;
      for (const auto& [key, item] : value.get_object()) object.emplace(key, ToValue(item));
      return object;
    }
    case json::kind::null:
      break;
  }
  return {};
}

}  // namespace plasa
