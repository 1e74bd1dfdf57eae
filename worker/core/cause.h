// From how a trainer ended to the typed cause that the coordinator decides on. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace plasa::core {

// The causes of the fleet protocol (docs/trainer-interface.md, "Exit codes").
enum class Cause {
  kNone,
  kUserError,
  kData,
  kAudit,
  kTrainerCrash,
  kOutOfMemory,
  kTimeout,
  kWorkerLost,
  kKilled,
  kPreempted,
  kControlPlane,
};

// Why this worker stopped a trainer; kNone = it did not.
enum class StopReason { kNone, kFenced, kCancel, kDrain, kTimeout, kBadEvents };

// exit.json: how the trainer left.
struct Exit {
  int code = 0;
  int signal = 0;  // 0 = left by itself
  bool out_of_memory = false;
};

// All that is known when an attempt has ended.
struct Ending {
  std::optional<Exit> exit;  // nullopt: neither the shim nor a record of the exit is left
  StopReason stopped = StopReason::kNone;
  std::string bad_line;             // kBadEvents: which line, and why
  std::string start_failure;        // not empty: the trainer could not be started
  std::string preparation_failure;  // not empty: this machine or the network failed beside the trainer
  uint64_t timeout_ms = 0;
  bool has_result = false;  // the last event is a `result`
  std::string last_words;   // text of the last `note` event, else the last line the trainer printed
};

struct Outcome {
  bool succeeded = false;
  Cause cause = Cause::kNone;
  std::string message;  // for people; empty on success
};

// Total: every ending has an outcome.
[[nodiscard]] Outcome OutcomeOf(const Ending& ending);

}  // namespace plasa::core
