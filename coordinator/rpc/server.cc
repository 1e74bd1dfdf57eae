#include "coordinator/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <chrono>

#include "common/runtime/grpc_status.h"
#include "common/runtime/listen_address.h"
#include "common/runtime/port_probe.h"
#include "coordinator/rpc/control_service.h"
#include "coordinator/rpc/fleet_service.h"

namespace plasa::rpc {
namespace {

// Calls that have not ended by then are canceled, the long polls among them.
constexpr auto kGrace = std::chrono::milliseconds(200);

}  // namespace

struct RpcServer::Impl {
  explicit Impl(Doors& doors) : control(doors), fleet(doors) {}

  ControlService control;
  FleetService fleet;
  std::unique_ptr<grpc::Server> server;  // goes first
};

RpcServer::RpcServer(RpcOptions options, Doors& doors)
    : options_(std::move(options)), impl_(std::make_unique<Impl>(doors)) {}

RpcServer::~RpcServer() { Stop(); }

absl::Status RpcServer::Start() {
  const std::string address = HostPort(options_.host, options_.port);
  if (absl::Status free = CheckCanListen(options_.host, options_.port); !free.ok()) return free;
  grpc::EnableDefaultHealthCheckService(true);
  static const bool reflection = (grpc::reflection::InitProtoReflectionServerBuilderPlugin(), true);
  (void)reflection;
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port_);
  builder.SetMaxReceiveMessageSize(options_.max_message_bytes);
  grpc::ResourceQuota quota("plasa");
  quota.Resize(options_.max_memory_bytes).SetMaxThreads(options_.max_threads);
  builder.SetResourceQuota(quota);
  builder.RegisterService(&impl_->control);
  builder.RegisterService(&impl_->fleet);
  impl_->server = builder.BuildAndStart();
  if (impl_->server && port_ > 0) return absl::OkStatus();
  return absl::UnavailableError("cannot listen on " + address +
                                " for gRPC (another program may use the port; choose another with --listen)");
}

void RpcServer::Stop() {
  if (!impl_->server) return;
  impl_->server->Shutdown(std::chrono::system_clock::now() + kGrace);
  impl_->server->Wait();
  impl_->server.reset();
}

}  // namespace plasa::rpc
