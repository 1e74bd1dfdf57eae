#include "coordinator/http/message.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "common/base/utf8.h"

namespace plasa::http {

std::string Request::Query(const std::string& name) const {
  const auto it = query.find(name);
  return it == query.end() ? std::string() : it->second;
}

Reply ErrorReply(int status, std::string_view code, std::string_view message, std::string_view hint) {
  Reply reply;
  reply.status = status;
  const boost::json::object error{{"code", code}, {"message", message}, {"hint", hint}};
  reply.body = boost::json::serialize(boost::json::object{{"error", error}});
  return reply;
}

std::optional<Target> ParseTarget(std::string_view text) {
  const auto parsed = boost::urls::parse_origin_form(text);
  if (!parsed) return std::nullopt;
  Target target;
  bool is_text = true;
  for (const std::string segment : parsed->segments()) {
    is_text = is_text && IsUtf8(segment);
    if (!segment.empty()) target.path.push_back(segment);
  }
  for (const auto param : parsed->params()) {
    is_text = is_text && IsUtf8(param.key) && IsUtf8(param.value);
    target.query.try_emplace(param.key, param.value);
  }
  return is_text ? std::optional(std::move(target)) : std::nullopt;
}

std::string CookieValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const size_t end = header.find(';');
    std::string_view pair = header.substr(0, end);
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    if (pair.size() > name.size() && pair.substr(0, name.size()) == name && pair[name.size()] == '=') {
      return std::string(pair.substr(name.size() + 1));
    }
    if (end == std::string_view::npos) break;
    header.remove_prefix(end + 1);
  }
  return "";
}

}  // namespace plasa::http
