#include "trainer/json_value.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

namespace plasa::trainer {
namespace {

using nlohmann::json;

constexpr int kDepthLimit = 100;

Value Convert(const json& j) {
  switch (j.type()) {
    case json::value_t::boolean:
      return Value(j.get<bool>());
    case json::value_t::number_integer:
      return Value(j.get<int64_t>());
    case json::value_t::number_unsigned:
      if (j.get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        return Value(j.get<int64_t>());
      return Value(j.get<double>());
    case json::value_t::number_float:
      return Value(j.get<double>());
    case json::value_t::string:
      return Value(j.get<std::string>());
    case json::value_t::array: {
      Value::List list;
      for (const json& item : j) list.push_back(Convert(item));
      return Value(std::move(list));
    }
    case json::value_t::object: {
      Value::Object object;
      for (const auto& [key, item] : j.items()) object[key] = Convert(item);
      return Value(std::move(object));
    }
    default:
      return Value();
  }
}

}  // namespace

Result<Value> ParseJson(const std::string& text, const std::string& where) {
  bool deep = false;
  const auto limit = [&](int depth, json::parse_event_t, json&) {
    deep = deep || depth > kDepthLimit;
    return !deep;
  };
  try {
    const json parsed = json::parse(text, limit);
    if (deep) return Error{"is nested more than " + std::to_string(kDepthLimit) + " levels deep", where, ""};
    return Convert(parsed);
  } catch (const json::exception& e) {
    return Error{std::string("is not JSON: ") + e.what(), where, ""};
  }
}

Result<Value> ReadJsonFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{std::string("cannot be opened: ") + std::strerror(errno), path, ""};
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return ParseJson(text, path);
}

}  // namespace plasa::trainer
