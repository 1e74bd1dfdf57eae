#include "coordinator/http/site.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <string>
#include <utility>
#include <vector>

#include "coordinator/http/assets.h"
#include "coordinator/http/json_reply.h"

namespace plasa::http {
namespace {

// The names that clients may call this coordinator by: those configured, and the address it listens on where it is one.
std::vector<std::string> HostNames(const HttpOptions& options) {
  std::vector<std::string> names = options.allowed_hosts;
  if (options.host == "0.0.0.0" || options.host == "::") return names;
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  names.push_back(is_ipv6 ? "[" + options.host + "]" : options.host);
  return names;
}

Reply Healthy() {
  Reply reply;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = "ok";
  return reply;
}

bool IsAt(const Request& request, std::string_view page) {
  return request.path.size() == 1 && request.path.front() == page;
}

}  // namespace

Site::Site(const HttpOptions& options, Commands& commands, store::Reader& reader, store::ReadPool& slow,
           const LiveFeed& live, Auth& auth, std::shared_ptr<prometheus::Registry> metrics)
    : hosts_(HostNames(options)),
      metrics_(std::move(metrics)),
      sessions_(auth, options.identity.cluster_uuid),
      api_(options.identity, commands, reader, slow, live, sessions_) {}

void Site::Handle(Request request, Done done) {
  // Before the guards: a probe calls a machine by whatever name it has.
  if (request.method == Method::kGet && IsAt(request, "healthz")) return done(Healthy());
  if (auto refusal = Refusal(request, hosts_)) return done(*std::move(refusal));
  if (!request.path.empty() && request.path.front() == "api") return api_.Handle(request, std::move(done));
  if (request.method != Method::kGet) {
    Reply reply = ErrorReply(405, "METHOD_NOT_ALLOWED", "Pages are read with GET.");
    reply.headers.emplace_back("Allow", "GET, HEAD");
    return done(std::move(reply));
  }
  if (IsAt(request, "login")) return sessions_.Login(request, std::move(done));
  done(IsAt(request, "metrics") ? Metrics(request) : AssetReply(request));
}

Reply Site::Metrics(const Request& request) const {
  if (!request.from_loopback) {
    const absl::Status allowed = sessions_.Check(request, Scope::kMetrics);
    if (!allowed.ok()) return StatusReply(allowed);
  }
  Reply reply;
  reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
  reply.body = prometheus::TextSerializer().Serialize(metrics_->Collect());
  return reply;
}

}  // namespace plasa::http
