// Any bytes as each message of a worker, up to the core's decision: refused in words and without an effect, or taken by
// a core whose invariants hold. The seeds fit the worker and the attempt of Coordinator below.
#include <google/protobuf/stubs/logging.h>

#include "coordinator/core/core.h"
#include "coordinator/rpc/fleet_messages.h"
#include "input_folder.h"

namespace plasa::rpc {
namespace {

using coordinator::Core;
using coordinator::Effects;
using coordinator::Now;
using fuzz::Require;

constexpr char kWorker[] = "00000000000000aa";
constexpr Now kNow{1000, 1.75e9};
constexpr char kSweep[] =
    "method: grid\nparameters: {x: {values: [0, 1, 2]}}\n"
    "plasa: {trainer: toy, data: {task: mqar}, log_rules: {fatal: do_not_retry}}\n";

// Worker kWorker in session 1 holds token 1, begun, on slot 0; its slot 1 is free; two trials wait.
Core MakeCoordinator() {
  Core core({}, kNow);
  Effects fx;
  const auto submission = coordinator::PrepareSubmission(kSweep);
  Require(submission.ok() && core.OnSubmit({}, *submission, kNow, &fx).ok(), "the sweep is taken");
  RegisterCommand command{kWorker, "w", "boot", "1", {{0, {"cpu", "", 0, "c"}}, {1, {"cpu", "", 0, "c"}}},
                          {"toy"}, {},  1};
  Require(core.OnRegister(command, kNow, &fx).ok(), "the worker is taken");
  ExchangeCommand exchange;
  exchange.worker_id = kWorker;
  exchange.session = exchange.number = 1;
  exchange.free_slots = {0};
  core.OnExchange(1, exchange, kNow, &fx);
  TrainerEvent start{1, "start", 0, 0, {}, "{}", StartFacts{100, "c", "b", "d", ""}};
  Require(core.OnReport({kWorker, 1, 1, 1, {start}}, kNow, &fx).ok(), "the attempt begins");
  return core;
}

void CheckUntouched(const Effects& fx) {
  Require(fx.writes.empty() && fx.exchanges.empty() && fx.said.empty() && fx.granted == 0, "a refusal has no effect");
}

absl::Status Apply(Core& core, const RegisterCommand& command, Effects* fx) {
  const auto outcome = core.OnRegister(command, kNow, fx);
  v1::RegisterReply reply;
  if (outcome.ok()) Fill(*outcome, &reply);
  return outcome.status();
}
absl::Status Apply(Core& core, const ExchangeCommand& command, Effects* fx) {
  core.OnExchange(7, command, kNow, fx);
  for (const coordinator::ExchangeAnswer& answer : fx->exchanges) {
    v1::ExchangeReply reply;
    if (answer.outcome.ok()) Fill(*answer.outcome, &reply);
    Require(answer.outcome.ok() || !answer.outcome.status().message().empty(), "a refusal says why");
  }
  return absl::OkStatus();
}
absl::Status Apply(Core& core, const RenewCommand& command, Effects* fx) {
  const auto outcome = core.OnRenew(command, kNow, fx);
  v1::RenewReply reply;
  if (outcome.ok()) Fill(*outcome, &reply);
  Require(!outcome.ok() || outcome->verdicts.size() == command.tokens.size(), "each token gets its verdict");
  return outcome.status();
}
absl::Status Apply(Core& core, const ReportCommand& command, Effects* fx) {
  return core.OnReport(command, kNow, fx).status();
}
absl::Status Apply(Core& core, const PublishCommand& command, Effects* fx) {
  return core.OnPublish(command, kNow, fx).status();
}
absl::Status Apply(Core& core, const GoodbyeCommand& command, Effects* fx) { return core.OnGoodbye(command, kNow, fx); }

template <class Request>
void Try(std::string_view bytes) {
  static const Core before = MakeCoordinator();
  Request request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const auto command = ToCommand(request);
  if (!command.ok()) return Require(absl::IsInvalidArgument(command.status()), "a refusal is the sender's to mend");
  Core core = before;
  Effects fx;
  const absl::Status status = Apply(core, *command, &fx);
  if (!status.ok()) CheckUntouched(fx);
  Require(status.ok() || !status.message().empty(), "a refusal says why");
  core.OnTick({kNow.steady_ms + 200, kNow.unix_s}, &fx);
  const std::string broken = CheckInvariants(core.state());
  Require(broken.empty(), broken.c_str());
}

}  // namespace
}  // namespace plasa::rpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  google::protobuf::SetLogHandler(nullptr);
  using namespace plasa;
  const std::string_view bytes = fuzz::AsText(data, size);
  rpc::Try<v1::RegisterRequest>(bytes);
  rpc::Try<v1::ExchangeRequest>(bytes);
  rpc::Try<v1::RenewRequest>(bytes);
  rpc::Try<v1::ReportRequest>(bytes);
  rpc::Try<v1::PublishRequest>(bytes);
  rpc::Try<v1::GoodbyeRequest>(bytes);
  return 0;
}
