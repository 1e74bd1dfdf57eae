// One attempt on this worker, from its lease to the directory that is left.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "plasa/v1/fleet.pb.h"
#include "worker/artifact_door.h"
#include "worker/attempt_dir.h"
#include "worker/checkpoint_publisher.h"
#include "worker/core/backoff.h"
#include "worker/core/cause.h"
#include "worker/core/stop_plan.h"
#include "worker/event_tail.h"
#include "worker/fleet.h"
#include "worker/log_tail.h"
#include "worker/scheduler.h"
#include "worker/transfer.h"

namespace plasa::worker {

class Attempt;

// What an attempt needs from the daemon around it. Loop thread only.
class AttemptHost {
 public:
  virtual ~AttemptHost() = default;
  [[nodiscard]] virtual Scheduler& loop() = 0;
  [[nodiscard]] virtual Fleet& fleet() = 0;
  [[nodiscard]] virtual Transfers& transfer() = 0;
  [[nodiscard]] virtual const std::string& worker_id() const = 0;
  [[nodiscard]] virtual std::string attempts_dir() const = 0;
  [[nodiscard]] virtual std::string data_dir() const = 0;
  [[nodiscard]] virtual ArtifactDoor artifacts() = 0;
  // 0 while the worker is not registered: then nothing is sent.
  [[nodiscard]] virtual uint64_t session() const = 0;
  // The coordinator refused a call of this session: register again.
  virtual void OnSessionRefused(uint64_t session) = 0;
  virtual void Launch(Attempt& attempt) = 0;
  virtual void Signal(Attempt& attempt, int number) = 0;
  // This machine or the network could not make an attempt ready: more leases now would end the same way.
  virtual void OnCannotPrepare() = 0;
  // The trainer has ended and all its events are acknowledged; `finished` waits for the next Exchange.
  virtual void OnFinishing(Attempt& attempt) = 0;
  // Nothing more will be said of it; the attempt is destroyed soon after.
  virtual void OnSettled(Attempt& attempt) = 0;
};

// Loop thread only; owned by the Roster, which outlives its callbacks (they hold weak pointers).
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  enum class Phase { kPreparing, kRunning, kEnded, kFinishing, kSettled };

  Attempt(AttemptHost& host, AttemptKey key, std::string dir);
  ~Attempt();

  // A new lease: directory, data and checkpoint to resume from, spec.json, then the host launches it.
  void Begin(const v1::Lease& lease, const Place& place);
  // Found at the daemon's start: its trainer runs (started that long ago) or ended (no exit = it left no record).
  void Adopt(uint64_t running_for_ms);
  void AdoptEnded(std::optional<core::Exit> exit);

  void OnRefused(const std::string& reason);
  void OnTrainerEnded(std::optional<core::Exit> exit);
  void OnEventsChanged();
  // The coordinator's word, from Register and Renew. `acked_seq` only from Register.
  void OnVerdict(v1::TokenVerdict::Verdict verdict);
  void OnRegistered(uint64_t acked_seq);
  void Stop(core::StopReason reason);
  void OnFinishedReply(const v1::FinishedReply& reply);

  [[nodiscard]] const AttemptKey& key() const { return key_; }
  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] bool trainer_runs() const { return phase_ == Phase::kRunning; }
  [[nodiscard]] bool exit_recorded() const { return ending_.exit.has_value(); }
  // Precondition: phase() == kFinishing.
  [[nodiscard]] const v1::Finished& finished() const { return finished_; }
  [[nodiscard]] std::optional<v1::LogChunk> TakeLogChunk() { return log_.TakeChunk(key_.token); }

 private:
  void FetchInputs(const v1::Lease& lease, const Place& place);
  void WriteSpecAndLaunch(const v1::Lease& lease, const Place& place, const std::string& data_path);
  void FailToPrepare(absl::string_view reason);
  void StartClock(uint64_t running_for_ms);
  void ApplyStop();
  void Pump();
  void SendReport();
  void OnReported(uint64_t session, const absl::StatusOr<v1::ReportReply>& reply);
  void PumpLater(uint64_t delay_ms);
  void OnUnreadable(const absl::Status& why);
  void Acknowledge(uint64_t seq);
  void FinishWhenDrained();
  void BuildFinished();
  void Settle();

  AttemptHost& host_;
  const AttemptKey key_;
  const std::string dir_;
  Phase phase_ = Phase::kPreparing;
  core::StopPlan stop_;
  core::Ending ending_;
  EventTail tail_;
  LogTailer log_;
  std::shared_ptr<CheckpointPublisher> publisher_;
  v1::Finished finished_;
  bool reporting_ = false;
  bool refused_ = false;  // the coordinator will not take these events
  std::optional<uint64_t> unreadable_since_ms_;
  core::Backoff backoff_;
  Scheduler::TimerId pump_timer_ = 0;
  Scheduler::TimerId stop_timer_ = 0;
  Scheduler::TimerId timeout_timer_ = 0;
};

}  // namespace plasa::worker
