// Everything the coordinator answers over HTTP, by the first segment of the path.
#pragma once

#include <memory>

#include "coordinator/http/api.h"
#include "coordinator/http/guards.h"
#include "coordinator/http/handler.h"
#include "coordinator/http/options.h"
#include "coordinator/http/sessions.h"

namespace prometheus {
class Registry;
}

namespace plasa::http {

// Lives on the HTTP thread.
class Site final : public Handler {
 public:
  // All must outlive it.
  Site(const HttpOptions& options, Commands& commands, store::Reader& reader, store::ReadPool& slow,
       const LiveFeed& live, Auth& auth, std::shared_ptr<prometheus::Registry> metrics);

  void Handle(Request request, Done done) override;

 private:
  [[nodiscard]] Reply Metrics(const Request& request) const;

  const HostList hosts_;
  const std::shared_ptr<prometheus::Registry> metrics_;
  Sessions sessions_;
  Api api_;
};

}  // namespace plasa::http
