// The worker's standing with its coordinator: registers, exchanges, renews, and starts over whenever it is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "worker/core/backoff.h"
#include "worker/fleet.h"
#include "worker/renewer.h"
#include "worker/roster.h"
#include "worker/scheduler.h"

namespace plasa::worker {

struct WorkerIdentity {
  std::string name;  // for people
  std::string version;
  std::string boot_id;
};

// Loop thread only. Owned by the Daemon; its loop must have stopped before it is destroyed.
class Session {
 public:
  struct Doors {
    Scheduler& loop;
    Fleet& fleet;
    Roster& roster;
    const Machine& machine;
  };

  Session(Doors doors, WorkerIdentity identity, const Renewals::Make& make_renewals);
  ~Session();

  // Registers, again and again until it succeeds.
  void Start();
  // There is something to tell: sends it as soon as no call is in flight; a long poll is cut short.
  void Kick();
  void OnRefused(uint64_t session);
  // Local: the daemon is leaving and wants no more leases.
  void BeginLeaving();
  // Tells the coordinator; waits a moment at most.
  void SayGoodbye();

 private:
  void Register();
  [[nodiscard]] uint64_t NextRegisterNumber();
  void OnRegistered(const absl::StatusOr<v1::RegisterReply>& reply);
  void Exchange();
  void ExchangeLater();
  [[nodiscard]] bool TakeIn(const v1::ExchangeReply& reply);  // as Roster::OnExchanged
  void OnExchanged(uint64_t session, const absl::StatusOr<v1::ExchangeReply>& reply);
  void OnRenewed(uint64_t session, const absl::StatusOr<v1::RenewReply>& reply);
  void OnDrainFlag(bool drain);
  void UpdateRenewer();
  void GatherLogsLater();

  Scheduler& loop_;
  Fleet& fleet_;
  Roster& roster_;
  const Machine& machine_;
  const WorkerIdentity identity_;
  uint64_t session_ = 0;
  uint32_t renew_every_ms_ = 1000;
  uint64_t register_number_ = 0;
  uint64_t exchange_number_ = 0;
  bool registering_ = false;
  bool leaving_ = false;
  bool exchanging_ = false;
  bool polling_ = false;  // the exchange in flight waits for work
  bool news_ = false;     // came while an exchange was in flight
  Fleet::Cancel cancel_exchange_;
  core::Backoff register_backoff_;
  core::Backoff exchange_backoff_;
  std::string last_complaint_;  // logged once until it changes
  const std::unique_ptr<Renewals> renewals_;
};

}  // namespace plasa::worker
