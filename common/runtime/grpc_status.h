// The one place where statuses of ours become statuses of gRPC, and back.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace plasa {

[[nodiscard]] grpc::Status ToGrpc(const absl::Status& status);
[[nodiscard]] absl::Status FromGrpc(const grpc::Status& status);

}  // namespace plasa
