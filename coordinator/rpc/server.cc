#include "coordinator/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <chrono>

#include "common/runtime/grpc_status.h"
#include "common/runtime/listen_socket.h"
#include "coordinator/rpc/acceptor.h"
#include "coordinator/rpc/control_service.h"
#include "coordinator/rpc/fleet_service.h"

namespace plasa::rpc {
namespace {

// Calls that have not ended by then are canceled, the long polls among them.
constexpr auto kGrace = std::chrono::milliseconds(200);
// A connection that says nothing is closed after that.
constexpr int kHandshakeMs = 10'000;

}  // namespace

struct RpcServer::Impl {
  explicit Impl(Doors& doors) : control(doors), fleet(doors) {}

  ControlService control;
  FleetService fleet;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> connections;
  std::unique_ptr<Acceptor> acceptor;  // goes first
};

RpcServer::RpcServer(RpcOptions options, Doors& doors)
    : options_(std::move(options)), impl_(std::make_unique<Impl>(doors)) {}

RpcServer::~RpcServer() { Stop(); }

absl::Status RpcServer::Start() {
  absl::StatusOr<UniqueFd> listener = OpenListener(options_.host, options_.port);
  if (!listener.ok()) return listener.status();
  grpc::EnableDefaultHealthCheckService(true);
  static const bool reflection = (grpc::reflection::InitProtoReflectionServerBuilderPlugin(), true);
  (void)reflection;
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  impl_->connections = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(options_.max_message_bytes);
  grpc::ResourceQuota quota("plasa");
  quota.Resize(options_.max_memory_bytes).SetMaxThreads(options_.max_threads);
  builder.SetResourceQuota(quota);
  builder.RegisterService(&impl_->control);
  builder.RegisterService(&impl_->fleet);
  impl_->server = builder.BuildAndStart();
  if (!impl_->server) return absl::InternalError("gRPC cannot be started");
  port_ = PortOf(listener->get());
  impl_->acceptor = std::make_unique<Acceptor>(*std::move(listener), [this](int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    impl_->connections->HandleNewConnection(&connection);
  });
  return absl::OkStatus();
}

void RpcServer::Stop() {
  if (!impl_->server) return;
  impl_->acceptor.reset();
  impl_->server->Shutdown(std::chrono::system_clock::now() + kGrace);
  impl_->server->Wait();
  impl_->server.reset();
}

}  // namespace plasa::rpc
