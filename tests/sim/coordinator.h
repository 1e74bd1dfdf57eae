// The coordinator as a simulated process: the real desk and core on a simulated disk.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bug.h"
#include "coordinator/artifacts.h"
#include "coordinator/core_desk.h"
#include "disk.h"
#include "world.h"

namespace plasa::sim {

class Coordinator {
 public:
  // Where to die next time something is committed.
  enum class Crash { kNone, kBeforeCommit, kAfterCommit };

  Coordinator(World& world, Disk& disk, std::string dir, Bug bug);
  ~Coordinator();

  void Start();
  void Kill();
  // Also loses what was written without being synced.
  void CutPower();
  void Pause(uint64_t for_ms);
  void CrashAtCommit(Crash crash) { crash_ = crash; }
  void FillDisk(uint64_t until_ms) { full_until_ms_ = until_ms; }
  // Each commit takes that long until then.
  void SlowDisk(uint64_t until_ms, uint64_t commit_ms);
  void Heal();
  // Grows with each start: what was sent to one life never reaches the next.
  [[nodiscard]] uint64_t epoch() const { return epoch_; }
  [[nodiscard]] bool running() const { return incarnation_ != nullptr && process_->alive; }

  // A call that has arrived: `serve` runs in the coordinator's process. False when there is nobody to take it.
  // `on_reset` is called when the process dies before it has answered; the caller clears it.
  using Serve = std::function<void(Commands& commands, Artifacts& artifacts)>;
  [[nodiscard]] bool Receive(Serve serve, const std::shared_ptr<World::Task>& on_reset);
  // Direct access for transfers, which are one event here; nullptr while nothing answers.
  [[nodiscard]] Artifacts* artifacts();

  // Within a call: runs `then` behind all commits that are queued.
  void AfterCommits(World::Task then);

  // A sign of life of the worker got here.
  void Hear(const std::string& worker, uint64_t awake_ms) { heard_[worker] = std::max(heard_[worker], awake_ms); }
  // The same with the next thing that the core handles.
  void HearNext(const std::string& worker);
  // How long this coordinator has been awake, over all its lives.
  [[nodiscard]] uint64_t AwakeMs() const;
  // How long this coordinator, awake, has not heard of the worker.
  [[nodiscard]] uint64_t SilenceMs(const std::string& worker) const;
  // The worker is being drained, as far as the core knows.
  [[nodiscard]] bool Drains(const std::string& worker) const;
  // Why a trial is where it is; empty when nothing answers.
  [[nodiscard]] std::string Explain(const std::string& trial) const;
  [[nodiscard]] const Disk& disk() const { return disk_; }
  [[nodiscard]] Bug bug() const { return bug_; }
  // False when the lease has been sent before.
  [[nodiscard]] bool NoteLease(uint64_t token) { return leases_.insert(token).second; }
  void NoteArtifact(const std::string& digest) { unsynced_.push_back(digest); }

 private:
  class Calendar;
  class Queue;
  class Commits;
  struct Incarnation;

  void Tick(const ProcessPtr& process);
  void MissedTicks(uint64_t from_ms);
  void DieSoon();
  void LoseUnsynced();
  void WakeUp();

  World& world_;
  Disk& disk_;
  const std::string dir_;
  const Bug bug_;
  uint64_t epoch_ = 0;
  ProcessPtr process_;
  std::unique_ptr<Incarnation> incarnation_;
  Crash crash_ = Crash::kNone;
  uint64_t full_until_ms_ = 0;
  uint64_t slow_until_ms_ = 0;
  uint64_t slow_commit_ms_ = 0;
  bool pause_counts_ = false;
  uint64_t asleep_ms_ = 0;                 // dead or stopped, in all
  uint64_t dead_since_ms_ = 0;             // 0 = alive
  std::map<std::string, uint64_t> heard_;  // AwakeMs
  std::vector<std::weak_ptr<World::Task>> resets_;
  std::set<uint64_t> leases_;
  std::vector<std::string> unsynced_;  // kForgetDirectorySync
};

}  // namespace plasa::sim
