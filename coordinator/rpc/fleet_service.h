// The Fleet service: what worker daemons ask.
#pragma once

#include "coordinator/rpc/call.h"
#include "coordinator/rpc/doors.h"
#include "plasa/v1/fleet.grpc.pb.h"

namespace plasa::rpc {

// Translates, checks the worker token, posts, and answers when the outcome is durable (renewals: at once). Called on
// gRPC's threads; chunks of files are read and written there too.
class FleetService final : public v1::Fleet::CallbackService {
 public:
  explicit FleetService(Doors& doors) : doors_(doors) {}

  using Context = grpc::CallbackServerContext*;
  using Reactor = grpc::ServerUnaryReactor*;

  Reactor Register(Context context, const v1::RegisterRequest* request, v1::RegisterReply* reply) override;
  Reactor Exchange(Context context, const v1::ExchangeRequest* request, v1::ExchangeReply* reply) override;
  Reactor Renew(Context context, const v1::RenewRequest* request, v1::RenewReply* reply) override;
  Reactor Report(Context context, const v1::ReportRequest* request, v1::ReportReply* reply) override;
  Reactor PutChunk(Context context, const v1::PutChunkRequest* request, v1::PutChunkReply* reply) override;
  Reactor GetChunk(Context context, const v1::GetChunkRequest* request, v1::GetChunkReply* reply) override;
  Reactor Publish(Context context, const v1::PublishRequest* request, v1::PublishReply* reply) override;
  Reactor Goodbye(Context context, const v1::GoodbyeRequest* request, v1::GoodbyeReply* reply) override;

 private:
  // Begins a call and runs `work` when its token is a worker's; the status of `work` fails the call when it is not OK.
  template <class Work>
  Reactor Serve(Context context, const char* method, Work work);
  // The same with the request as a command, if it can be meant.
  template <class Request, class Work>
  Reactor ServeCommand(Context context, const char* method, const Request& request, Work work);

  Doors& doors_;
};

}  // namespace plasa::rpc
