#include "coordinator/probed_parts.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/runtime/http_ping.h"

namespace plasa {
namespace {

using std::chrono::milliseconds;

constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";

// One call with all that must outlive it.
struct HealthCall {
  explicit HealthCall(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {}

  grpc::GenericStub stub;
  grpc::ClientContext context;
  grpc::ByteBuffer request;  // of the whole server: an empty message
  grpc::ByteBuffer reply;
};

// A connection of its own, made now, straight to the address.
std::shared_ptr<grpc::Channel> NewConnection(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

ProbedPart CorePart(CoreLoop& core) {
  return {"core", [&core](milliseconds, ProbedPart::Answered answered) { core.Probe(std::move(answered)); }};
}

ProbedPart StorePart(store::Writer& writer) {
  return {"store", [&writer](milliseconds, ProbedPart::Answered answered) {
            writer.Post({nullptr, [answered = std::move(answered)](const absl::Status& committed) {
                           answered(absl::IsResourceExhausted(committed) ? absl::OkStatus() : committed);
                         }});
          }};
}

ProbedPart GrpcPart(std::string address) {
  return {"grpc", [address = std::move(address)](milliseconds limit, ProbedPart::Answered answered) {
            auto call = std::make_shared<HealthCall>(NewConnection(address));
            const grpc::Slice nothing;
            call->request = grpc::ByteBuffer(&nothing, 1);
            call->context.set_deadline(std::chrono::system_clock::now() + limit);
            call->stub.UnaryCall(
                &call->context, kHealthCheck, {}, &call->request, &call->reply,
                [call, answered = std::move(answered)](const grpc::Status& status) {
                  answered(absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message()));
                });
          }};
}

ProbedPart HttpPart(const std::string& url) {
  const std::string address(absl::StripPrefix(url, "http://"));
  return {"http", [address](milliseconds limit, const ProbedPart::Answered& answered) {
            answered(PingHttp(address, "/healthz", limit));
          }};
}

}  // namespace plasa
