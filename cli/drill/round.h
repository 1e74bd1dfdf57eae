// One sweep on a cluster of its own, with faults or in peace.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/drill/cluster.h"
#include "cli/drill/judge.h"
#include "cli/drill/plan.h"
#include "cli/output/interrupt.h"
#include "cli/up/supervisor.h"

namespace plasa::cli {

// Lets the faults strike one after another while the sweep runs, undoes those that last, and waits for the end of the
// sweep. A fault that finds no victim waits for one. Main thread only.
class Round {
 public:
  Round(Cluster* cluster, std::vector<Fault> faults, const Interrupt* interrupt, Say say)
      : cluster_(cluster), faults_(std::move(faults)), interrupt_(interrupt), say_(std::move(say)) {}

  // Runs the sweep to its end. `patience_s`: how long it may take without a fault striking before it is given up.
  // CANCELLED after Ctrl-C; any other error is a finding.
  [[nodiscard]] absl::StatusOr<Outcome> Run(const std::string& sweep_text, double patience_s);

  // How many faults of each kind have struck.
  [[nodiscard]] const std::map<FaultKind, uint32_t>& struck() const { return struck_; }

 private:
  // Something that ends a fault.
  struct Relief {
    double due_s;
    std::function<bool()> undo;  // false: not possible yet
  };

  absl::Status Loop(const std::string& sweep, double patience_s);
  absl::Status StrikeIfDue(double now_s);
  // False: there is no victim now.
  absl::StatusOr<bool> Strike(const Fault& fault);
  absl::StatusOr<bool> Restart(const Fault& fault, int signal);
  absl::StatusOr<bool> KillDaemon(const Fault& fault);
  bool KillOne(const Fault& fault, const std::vector<ProcessIdentity>& victims);
  bool PauseOne(const Fault& fault, const std::vector<ProcessIdentity>& victims);
  bool Drain(const Fault& fault);
  void Relieve(double now_s);
  void RelieveAll();
  void Announce(const Fault& fault, const std::string& more);
  [[nodiscard]] bool SweepEnded(const std::string& sweep);

  Cluster* const cluster_;
  const std::vector<Fault> faults_;
  const Interrupt* const interrupt_;
  const Say say_;

  size_t next_ = 0;  // of faults_
  double due_s_ = 0;
  double last_strike_s_ = 0;
  bool coordinator_paused_ = false;
  std::vector<Relief> reliefs_;
  std::map<FaultKind, uint32_t> struck_;
  std::string unfinished_;  // a trial that had not ended at the last look, and why
};

}  // namespace plasa::cli
