// What becomes of an attempt that a starting daemon finds in its state directory. Pure.
#pragma once

namespace plasa::core {

struct Found {
  bool exit_recorded = false;  // exit.json is there
  bool alive = false;          // a live shim says that it runs this attempt
  bool wanted = false;         // the coordinator: the token is still the trial's
};

enum class Resolution {
  kAdopt,       // go on watching the trainer
  kReportExit,  // send the remaining events, then the exit
  kReportLost,  // clear leftovers away, send the remaining events, then WORKER_LOST
  kStop,        // the trial went on elsewhere: stop the trainer, report nothing
  kCollect,     // nothing runs and nobody asks: the directory is only a log now
};

// exit.json wins over a shim that still says "running": it is written before the shim says "ended".
[[nodiscard]] constexpr Resolution Reconcile(const Found& found) {
  if (found.exit_recorded) return found.wanted ? Resolution::kReportExit : Resolution::kCollect;
  if (found.alive) return found.wanted ? Resolution::kAdopt : Resolution::kStop;
  return found.wanted ? Resolution::kReportLost : Resolution::kCollect;
}

}  // namespace plasa::core
