// The attempts and slots of this worker: who runs where, what the coordinator is told, what it says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plasa/v1/fleet.pb.h"
#include "worker/attempt.h"
#include "worker/core/backoff.h"
#include "worker/core/retention.h"
#include "worker/core/slots.h"
#include "worker/fleet.h"
#include "worker/machine.h"
#include "worker/scheduler.h"
#include "worker/slot_link.h"
#include "worker/state_dir.h"
#include "worker/trainers.h"
#include "worker/transfer.h"

namespace plasa::worker {

// Loop thread only. Owned by the Daemon.
class Roster : public AttemptHost {
 public:
  struct Doors {
    Scheduler& loop;
    Fleet& fleet;
    Transfers& transfer;
    Machine& machine;
    const StateDir& state;
  };
  struct Setup {
    std::vector<SlotPlace> places;  // one a slot
    Trainers trainers;
    std::string artifact_root = {};  // shared with the coordinator; empty: none
  };
  struct Handlers {
    std::function<void()> on_news;  // FillExchange has something to say
    std::function<void(uint64_t session)> on_session_refused;
  };

  Roster(Doors doors, Setup setup, Handlers handlers);
  ~Roster() override;

  // Connects to each slot's shim and takes up what the state directory holds. Blocks while shims start.
  void Load();
  void FillRegister(v1::RegisterRequest& request) const;
  void OnRegistered(const v1::RegisterReply& reply);
  void OnOffline() { session_ = 0; }
  // False when there is nothing to say: no free slot, nothing finished, no log.
  [[nodiscard]] bool FillExchange(v1::ExchangeRequest& request);
  // False when a lease could not be taken: it will come again, and asking at once would not help.
  [[nodiscard]] bool OnExchanged(const v1::ExchangeReply& reply);
  void OnVerdicts(const google::protobuf::RepeatedPtrField<v1::TokenVerdict>& verdicts);
  // While draining no lease is wanted and every trainer is asked to checkpoint and leave.
  void SetDraining(bool draining);
  // Gathers what trainers printed for the next Exchange; true when there is any.
  [[nodiscard]] bool GatherLogs();
  // Tries again to get the shims that are not connected.
  void ReviveSlots();
  void QuitShims();

  [[nodiscard]] std::vector<uint64_t> Tokens() const;
  [[nodiscard]] bool Empty() const { return attempts_.empty(); }

  // AttemptHost
  [[nodiscard]] Scheduler& loop() override { return doors_.loop; }
  [[nodiscard]] Fleet& fleet() override { return doors_.fleet; }
  [[nodiscard]] Transfers& transfer() override { return doors_.transfer; }
  [[nodiscard]] const std::string& worker_id() const override { return doors_.state.worker_id(); }
  [[nodiscard]] std::string attempts_dir() const override { return doors_.state.AttemptsDir(); }
  [[nodiscard]] std::string data_dir() const override { return doors_.state.DataDir(); }
  [[nodiscard]] ArtifactDoor artifacts() override { return {doors_.fleet, shared_artifacts_}; }
  [[nodiscard]] uint64_t session() const override { return session_; }
  void OnSessionRefused(uint64_t session) override { handlers_.on_session_refused(session); }
  void Launch(Attempt& attempt) override;
  void Signal(Attempt& attempt, int number) override;
  void OnCannotPrepare() override;
  void OnFinishing(Attempt& attempt) override;
  void OnSettled(Attempt& attempt) override;

 private:
  void MakeLinks();
  void FindSharedArtifacts(const std::string& share);
  void LoadAttempt(const std::string& dir);
  void LoadRunning(Attempt& attempt, int slot);
  [[nodiscard]] int SlotRunning(const std::string& dir) const;
  [[nodiscard]] bool OnLease(const v1::Lease& lease);
  void OnRefused(const std::string& dir, const std::string& reason);
  void OnEnded(const std::string& dir, core::Exit exit);
  void OnShimLost(int slot);
  void WatchEvents(Attempt& attempt);
  [[nodiscard]] Attempt* ByDir(const std::string& dir);
  [[nodiscard]] std::shared_ptr<Attempt> Add(AttemptKey key, const std::string& dir);
  void Collect();

  const Doors doors_;
  const Setup setup_;
  const Handlers handlers_;
  core::Slots slots_;
  core::Retention retention_;
  uint64_t session_ = 0;
  std::string shared_artifacts_;  // empty: not shared with this machine
  bool draining_ = false;
  core::Backoff rest_{1000, 60'000};
  bool resting_ = false;                          // no new leases for a while
  std::vector<std::unique_ptr<SlotLink>> links_;  // by slot
  std::map<uint64_t, std::shared_ptr<Attempt>> attempts_;
  std::map<uint64_t, int> watches_;  // by token
  std::vector<v1::LogChunk> logs_;
};

}  // namespace plasa::worker
