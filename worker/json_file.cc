#include "worker/json_file.h"

#include <boost/json/object.hpp>
#include <fstream>
#include <iterator>

#include "common/runtime/json.h"

namespace plasa::worker {

namespace json = boost::json;

std::optional<json::object> ReadJsonFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  absl::StatusOr<json::value> value = ParseJson(text);
  if (!value.ok() || !value->is_object()) return std::nullopt;
  return std::move(value->as_object());
}

int64_t IntegerOr(const json::object& object, const char* name, int64_t fallback) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->as_int64() : fallback;
}

std::string TextOr(const json::object& object, const char* name, const std::string& fallback) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string().c_str()) : fallback;
}

}  // namespace plasa::worker
