// What is refused before anything is looked up: foreign Host names (DNS rebinding), and changes that another site's
// page could have sent (CSRF).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/http/message.h"

namespace plasa::http {

// The names a Host header may carry: the loopback ones, the address listened on, and those configured.
class HostList {
 public:
  explicit HostList(std::vector<std::string> allowed);
  // `host` as a Host header carries it, with or without a port.
  [[nodiscard]] bool Allows(std::string_view host) const;

 private:
  std::vector<std::string> allowed_;
};

// The refusal a request meets, or nullopt. A request that changes something needs a JSON content type and, unless it
// carries a bearer token (which no browser adds by itself), an Origin equal to its Host.
[[nodiscard]] std::optional<Reply> Refusal(const Request& request, const HostList& hosts);

}  // namespace plasa::http
