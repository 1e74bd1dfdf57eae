#include "trainer/json_value.h"

#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

#include "trainer/json/bounded_json.h"

namespace plasa::trainer {
namespace {

constexpr JsonLimits kLimits = {.depth = 100, .values = 50'000'000};
constexpr size_t kPiece = 1 << 16;

Value Convert(const Json& j) {
  switch (j.type()) {
    case Json::value_t::boolean:
      return Value(j.get<bool>());
    case Json::value_t::number_integer:
      return Value(j.get<int64_t>());
    case Json::value_t::number_unsigned:
      if (j.get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        return Value(j.get<int64_t>());
      return Value(j.get<double>());
    case Json::value_t::number_float:
      return Value(j.get<double>());
    case Json::value_t::string:
      return Value(j.get<std::string>());
    case Json::value_t::array: {
      Value::List list;
      for (const Json& item : j) list.push_back(Convert(item));
      return Value(std::move(list));
    }
    case Json::value_t::object: {
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
  const auto json = ParseBoundedJson(text, kLimits);
  if (!json) return Error{json.error().what, where, ""};
  return Convert(*json);
}

Result<Value> ReadJsonFile(const std::string& path, size_t most_bytes) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{std::string("cannot be opened: ") + std::strerror(errno), path, ""};
  std::string text;
  for (std::vector<char> piece(kPiece); in; text.append(piece.data(), static_cast<size_t>(in.gcount()))) {
    if (text.size() > most_bytes) return Error{"is larger than " + std::to_string(most_bytes) + " bytes", path, ""};
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  }
  return ParseJson(text, path);
}

}  // namespace plasa::trainer
