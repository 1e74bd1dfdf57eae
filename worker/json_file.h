// Small JSON files of the worker's own making.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

namespace plasa::worker {

// The object in `path`; nullopt when the file is missing, is not JSON, or is not an object.
[[nodiscard]] std::optional<boost::json::object> ReadJsonFile(const std::string& path);

// The member, or the fallback when it is missing or of another type.
[[nodiscard]] int64_t IntegerOr(const boost::json::object& object, const char* name, int64_t fallback);
[[nodiscard]] std::string TextOr(const boost::json::object& object, const char* name, const std::string& fallback);

}  // namespace plasa::worker
