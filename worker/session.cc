#include "worker/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/log.h"

namespace plasa::worker {
namespace {

constexpr uint64_t kLogsEveryMs = 2000;

// The coordinator does not know this session (any more).
bool IsRefusal(const absl::Status& status) { return absl::IsFailedPrecondition(status) || absl::IsNotFound(status); }

std::string Advice(const absl::Status& status, const std::string& address) {
  if (absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status)) {
    return absl::StrCat("the coordinator at ", address,
                        " refuses this worker's token (give the right one with --token-file): ", status.message());
  }
  if (address.empty())
    return "no coordinator is known yet (start one on this state directory, or give --coordinator HOST:PORT)";
  return absl::StrCat("no answer from the coordinator at ", address,
                      " (is it running? is --coordinator right?): ", status.message());
}

}  // namespace

Session::Session(Doors doors, WorkerIdentity identity, const Renewals::Make& make_renewals)
    : loop_(doors.loop),
      fleet_(doors.fleet),
      roster_(doors.roster),
      machine_(doors.machine),
      identity_(std::move(identity)),
      renewals_(make_renewals([this](uint64_t session, absl::StatusOr<v1::RenewReply> reply) {
        loop_.Post([this, session, reply = std::move(reply)] { OnRenewed(session, reply); });
      })) {}

Session::~Session() = default;

void Session::Start() {
  Register();
  GatherLogsLater();
}

void Session::Register() {
  if (registering_) return;
  registering_ = true;
  fleet_.Reconnect();
  v1::RegisterRequest request;
  request.set_worker_id(roster_.worker_id());
  request.set_name(identity_.name);
  request.set_boot_id(identity_.boot_id);
  request.set_version(identity_.version);
  request.set_number(NextRegisterNumber());
  roster_.FillRegister(request);
  fleet_.Register(std::move(request), [this, &loop = loop_](absl::StatusOr<v1::RegisterReply> reply) {
    loop.Post([this, reply = std::move(reply)] { OnRegistered(reply); });
  });
}

// Greater than those of this worker's earlier lives: the date sees to that, and where it was set back, the coordinator
// tells from where to count on.
uint64_t Session::NextRegisterNumber() {
  register_number_ = std::max(register_number_ + 1, static_cast<uint64_t>(machine_.UnixSeconds() * 1000));
  return register_number_;
}

void Session::OnRegistered(const absl::StatusOr<v1::RegisterReply>& reply) {
  registering_ = false;
  if (!reply.ok()) {
    const std::string complaint = Advice(reply.status(), fleet_.address());
    if (complaint != last_complaint_) LogWarning("cannot register", {{"why", complaint}});
    last_complaint_ = complaint;
    loop_.RunAfter(register_backoff_.NextDelayMs(), [this] { Register(); });
    return;
  }
  if (reply->session() == 0) {  // a life of this worker before this one counted further
    register_number_ = reply->newest();
    return Register();
  }
  last_complaint_.clear();
  register_backoff_.Reset();
  session_ = reply->session();
  if (reply->renew_every_ms() > 0) renew_every_ms_ = reply->renew_every_ms();
  LogInfo("registered", {{"coordinator", fleet_.address()}, {"session", absl::StrCat(session_)}});
  roster_.OnRegistered(*reply);
  UpdateRenewer();
  Kick();
}

void Session::OnRefused(uint64_t session) {
  if (session != session_ || session_ == 0) return;  // of a session that is over
  LogInfo("session ended by the coordinator", {{"session", absl::StrCat(session)}});
  session_ = 0;
  roster_.OnOffline();
  UpdateRenewer();
  if (polling_ && cancel_exchange_) cancel_exchange_();
  Register();
}

void Session::UpdateRenewer() { renewals_->Set(session_, roster_.Tokens(), renew_every_ms_); }

void Session::Kick() {
  if (!exchanging_) return Exchange();
  news_ = true;
  if (polling_) cancel_exchange_();
}

void Session::Exchange() {
  UpdateRenewer();
  v1::ExchangeRequest request;
  if (session_ == 0 || exchanging_ || !roster_.FillExchange(request)) return;
  request.set_worker_id(roster_.worker_id());
  request.set_session(session_);
  request.set_number(++exchange_number_);
  exchanging_ = true;
  news_ = false;
  polling_ = request.wait_ms() > 0;
  auto on_reply = [this, &loop = loop_, session = session_](absl::StatusOr<v1::ExchangeReply> reply) {
    loop.Post([this, session, reply = std::move(reply)] { OnExchanged(session, reply); });
  };
  cancel_exchange_ = fleet_.Exchange(std::move(request), std::move(on_reply));
}

// While the reply is taken in, nothing is sent: what comes of its first lease would say that the second is not held.
// Precondition of every path out of here: exchanging_ is false, so that the next Kick sends.
void Session::OnExchanged(uint64_t session, const absl::StatusOr<v1::ExchangeReply>& reply) {
  polling_ = false;
  const bool all_taken = !reply.ok() || session != session_ || TakeIn(*reply);
  exchanging_ = false;
  if (reply.ok()) {
    if (!all_taken) return ExchangeLater();
    exchange_backoff_.Reset();
    return Exchange();
  }
  if (IsRefusal(reply.status())) return session == session_ ? OnRefused(session) : Exchange();
  if (absl::IsCancelled(reply.status()) && news_) return Exchange();
  fleet_.Reconnect();
  ExchangeLater();
}

bool Session::TakeIn(const v1::ExchangeReply& reply) {
  OnDrainFlag(reply.drain());
  return roster_.OnExchanged(reply);
}

void Session::ExchangeLater() {
  loop_.RunAfter(exchange_backoff_.NextDelayMs(), [this] { Exchange(); });
}

void Session::OnRenewed(uint64_t session, const absl::StatusOr<v1::RenewReply>& reply) {
  if (session != session_) return;
  if (reply.ok()) {
    OnDrainFlag(reply->drain());
    roster_.OnVerdicts(reply->verdicts());
    return;
  }
  if (IsRefusal(reply.status())) return OnRefused(session);
  fleet_.Reconnect();
}

void Session::OnDrainFlag(bool drain) { roster_.SetDraining(drain || leaving_); }

void Session::BeginLeaving() {
  leaving_ = true;
  roster_.SetDraining(true);
  Kick();
}

void Session::SayGoodbye() {
  if (session_ == 0) return;
  v1::GoodbyeRequest request;
  request.set_worker_id(roster_.worker_id());
  request.set_session(session_);
  const absl::Status said = fleet_.Goodbye(request);
  if (!said.ok()) LogWarning("goodbye not heard", {{"why", std::string(said.message())}});
}

void Session::GatherLogsLater() {
  loop_.RunAfter(kLogsEveryMs, [this] {
    if (session_ != 0 && roster_.GatherLogs()) Kick();
    roster_.ReviveSlots();
    GatherLogsLater();
  });
}

}  // namespace plasa::worker
