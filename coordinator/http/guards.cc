#include "coordinator/http/guards.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace plasa::http {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// "name", "name:port", "[::1]:port" → name or "[::1]".
std::string NameOf(std::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return Lower(host.substr(0, colon));
}

bool IsJson(const std::string& content_type) {
  const std::string type = Lower(content_type.substr(0, content_type.find(';')));
  return type.substr(0, type.find_last_not_of(' ') + 1) == "application/json";
}

bool HasMatchingOrigin(const Request& request) {
  const std::string origin = Lower(request.origin), host = Lower(request.host);
  return origin == "http://" + host || origin == "https://" + host;
}

}  // namespace

HostList::HostList(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {
  for (std::string& name : allowed_) name = NameOf(name);
  std::erase(allowed_, "");  // or an empty Host would pass
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) allowed_.emplace_back(name);
}

bool HostList::Allows(std::string_view host) const {
  return std::find(allowed_.begin(), allowed_.end(), NameOf(host)) != allowed_.end();
}

std::optional<Reply> Refusal(const Request& request, const HostList& hosts) {
  if (!hosts.Allows(request.host)) {
    return ErrorReply(421, "MISDIRECTED", "This coordinator does not answer to the name in the Host header.",
                      "Use localhost, or start the coordinator with --allow-host NAME.");
  }
  if (request.method == Method::kGet) return std::nullopt;
  if (request.method == Method::kOther) {
    Reply reply = ErrorReply(405, "METHOD_NOT_ALLOWED", "Only GET and POST are answered here.");
    reply.headers.emplace_back("Allow", "GET, HEAD, POST");
    return reply;
  }
  if (!IsJson(request.content_type)) {
    return ErrorReply(415, "INVALID_ARGUMENT", "A POST needs the content type application/json.");
  }
  if (request.authorization.empty() && !HasMatchingOrigin(request)) {
    return ErrorReply(403, "PERMISSION_DENIED", "The request comes from a page of another site.",
                      "Send it from the dashboard, or with a bearer token.");
  }
  return std::nullopt;
}

}  // namespace plasa::http
