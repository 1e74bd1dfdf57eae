// One machine of the fleet: its disk, its shims and trainers, and the worker daemon with the product's own logic.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator.h"
#include "fleet.h"
#include "link.h"
#include "oracle.h"
#include "trainer.h"
#include "worker/machine.h"
#include "worker/roster.h"
#include "worker/session.h"
#include "worker/slot_link.h"
#include "world.h"

namespace plasa::sim {

class Host {
 public:
  struct Doors {
    World& world;
    Oracle& oracle;
    Coordinator& coordinator;
    const Disk& disk;  // the coordinator's, to judge by
    Bug bug;
  };
  static constexpr int kSlots = 2;

  Host(Doors doors, std::string dir, int number);
  ~Host();

  void StartDaemon();
  void KillDaemon();
  void PauseDaemon(uint64_t for_ms);
  // SIGTERM: drains, says goodbye and leaves.
  void LeaveDaemon();
  void KillShim(int slot);
  // False when the slot runs nothing.
  bool KillTrainer(int slot);
  bool FailTrainer(int slot);
  bool PauseTrainer(int slot, uint64_t for_ms);
  // Everything dies; what was not synced may be gone.
  void CutPower();
  // The state directory is gone with all that ran there; a new worker begins.
  void LoseState();
  void FillDisk(bool full) { *disk_full_ = full; }
  void Heal();
  // A user drains this worker: until then it may stop its trainers.
  void NoteDrain(uint64_t until_ms) { drained_until_ms_ = until_ms; }

  [[nodiscard]] Link& link() { return link_; }
  [[nodiscard]] std::string worker_id() const;
  // A trainer of that token runs here under a live shim, in a directory that is still there.
  [[nodiscard]] bool Runs(uint64_t token) const;
  [[nodiscard]] bool daemon_running() const { return daemon_ != nullptr; }

 private:
  class SimMachine;
  class SimLink;
  class SimTransfers;
  class SimScheduler;
  struct Daemon;
  struct Shim {
    bool alive = false;
    std::string running_dir;
    std::unique_ptr<SimTrainer> trainer;
    SimLink* link = nullptr;  // of the daemon that is connected
  };

  void WriteIdentity();
  void RunTrainer(int slot, const std::string& dir);
  void OnTrainerExit(int slot, int code, int signal);
  void SignalTrainer(int slot, int number);
  void JudgeStop(const SimTrainer& trainer);
  void LoseUnsynced(const SimTrainer& trainer);
  void CheckLeft();

  const Doors doors_;
  World& world_;
  const std::string dir_;
  const int number_;
  int lives_ = 0;  // state directories it has had
  uint64_t drained_until_ms_ = 0;
  Link link_;
  std::shared_ptr<bool> disk_full_ = std::make_shared<bool>(false);
  std::vector<Shim> shims_;
  std::vector<std::unique_ptr<SimTrainer>> ended_;  // kept, since their handlers may still be on the stack
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace plasa::sim
