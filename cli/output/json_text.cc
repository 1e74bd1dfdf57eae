#include "cli/output/json_text.h"

#include <boost/json/object.hpp>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "common/base/number_text.h"
#include "common/base/value.h"
#include "common/runtime/json.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

// Of any of the string views around here.
template <class Text>
std::string Quote(const Text& text) {
  return JsonQuote(std::string(text));
}

std::string DoubleText(double value) {
  const std::string text = NumberText(value);
  return std::isfinite(value) ? text : Quote(text);
}

std::string ScalarText(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::int64:
      return std::to_string(value.get_int64());
    case json::kind::uint64:
      return std::to_string(value.get_uint64());
    case json::kind::double_:
      return DoubleText(value.get_double());
    default:
      return Quote(value.get_string());
  }
}

// Writes one value; `indent` < 0 means everything on one line.
class JsonWriter {
 public:
  explicit JsonWriter(bool pretty) : pretty_(pretty) {}

  void Write(const json::value& value) {
    if (const auto* object = value.if_object()) {
      WriteMembers('{', '}', *object, [this](const auto& member) {
        out_ += Quote(member.key()) + (pretty_ ? ": " : ":");
        Write(member.value());
      });
    } else if (const auto* array = value.if_array()) {
      WriteMembers('[', ']', *array, [this](const json::value& item) { Write(item); });
    } else {
      out_ += ScalarText(value);
    }
  }

  [[nodiscard]] std::string Take() { return std::move(out_); }

 private:
  template <class Container, class Fn>
  void WriteMembers(char open, char close, const Container& items, Fn write) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      NewLine();
      write(item);
    }
    --depth_;
    if (!first) NewLine();
    out_ += close;
  }

  void NewLine() {
    if (pretty_) out_ += '\n' + std::string(static_cast<size_t>(depth_) * 2, ' ');
  }

  const bool pretty_;
  int depth_ = 0;
  std::string out_;
};

bool IsEmptyContainer(const json::value& value) {
  return (value.is_object() && value.get_object().empty()) || (value.is_array() && value.get_array().empty());
}

bool IsContainer(const json::value& value) {
  return (value.is_object() || value.is_array()) && !IsEmptyContainer(value);
}

std::string YamlScalar(const json::value& value) {
  if (IsEmptyContainer(value)) return value.is_object() ? "{}" : "[]";
  return ScalarText(value);
}

void WriteYaml(const json::value& value, size_t indent, std::string* out) {
  const std::string pad(indent, ' ');
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      absl::StrAppend(out, pad, Quote(member.key()), ":");
      if (!IsContainer(member.value())) {
        absl::StrAppend(out, " ", YamlScalar(member.value()), "\n");
        continue;
      }
      *out += '\n';
      WriteYaml(member.value(), indent + 2, out);
    }
    return;
  }
  for (const json::value& item : value.get_array()) {
    absl::StrAppend(out, pad, "-");
    if (!IsContainer(item)) {
      absl::StrAppend(out, " ", YamlScalar(item), "\n");
      continue;
    }
    *out += '\n';
    WriteYaml(item, indent + 2, out);
  }
}

}  // namespace

std::string JsonText(const json::value& value) {
  JsonWriter writer(false);
  writer.Write(value);
  return writer.Take();
}

std::string PrettyJsonText(const json::value& value) {
  JsonWriter writer(true);
  writer.Write(value);
  return writer.Take();
}

std::string YamlText(const json::value& value) {
  if (!IsContainer(value)) return YamlScalar(value) + "\n";
  std::string out;
  WriteYaml(value, 0, &out);
  return out;
}

absl::StatusOr<json::value> ParseJson(absl::string_view text, absl::string_view what) {
  absl::StatusOr<json::value> value = plasa::ParseJson(text);
  if (!value.ok()) return absl::InvalidArgumentError(absl::StrCat(what, " is ", value.status().message()));
  return value;
}

json::object ParseObjectOrEmpty(absl::string_view text) { return plasa::ParseObjectOrEmpty(text); }

}  // namespace plasa::cli
