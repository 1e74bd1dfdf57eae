// Messages of fleet.proto as commands, and outcomes as messages. What cannot be meant is refused here.
#pragma once

#include "absl/status/statusor.h"
#include "coordinator/core/model/fleet_commands.h"
#include "plasa/v1/fleet.pb.h"

namespace plasa::rpc {

// INVALID_ARGUMENT names the member that is wrong.
[[nodiscard]] absl::StatusOr<RegisterCommand> ToCommand(const v1::RegisterRequest& request);
[[nodiscard]] absl::StatusOr<ExchangeCommand> ToCommand(const v1::ExchangeRequest& request);
[[nodiscard]] absl::StatusOr<RenewCommand> ToCommand(const v1::RenewRequest& request);
[[nodiscard]] absl::StatusOr<ReportCommand> ToCommand(const v1::ReportRequest& request);
[[nodiscard]] absl::StatusOr<PublishCommand> ToCommand(const v1::PublishRequest& request);
[[nodiscard]] absl::StatusOr<GoodbyeCommand> ToCommand(const v1::GoodbyeRequest& request);

void Fill(const RegisterOutcome& outcome, v1::RegisterReply* reply);
void Fill(const ExchangeOutcome& outcome, v1::ExchangeReply* reply);
void Fill(const RenewOutcome& outcome, v1::RenewReply* reply);

}  // namespace plasa::rpc
