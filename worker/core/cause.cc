#include "worker/core/cause.h"

#include <csignal>

namespace plasa::core {
namespace {

constexpr int kExitUserError = 2;
constexpr int kExitData = 3;
constexpr int kExitAudit = 4;
constexpr int kExitOutOfMemory = 5;
constexpr int kExitPreempted = 75;

std::string WithWords(std::string sentence, const std::string& words) {
  return words.empty() ? sentence : sentence + ": " + words;
}

// What the worker's own doing explains, whatever the exit looks like.
std::optional<Outcome> FromStop(const Ending& e) {
  switch (e.stopped) {
    case StopReason::kTimeout:
      return Outcome{false, Cause::kTimeout,
                     "stopped at its time limit of " + std::to_string(e.timeout_ms / 1000) +
                         " s (raise plasa.timeout in the sweep file to allow more)"};
    case StopReason::kBadEvents:
      return Outcome{false, Cause::kTrainerCrash, "the trainer wrote a bad line: " + e.bad_line};
    case StopReason::kDrain:
    case StopReason::kCancel:
    case StopReason::kFenced:
      return Outcome{false, Cause::kPreempted, "stopped by the worker"};
    case StopReason::kNone:
      break;
  }
  return std::nullopt;
}

Outcome FromSignal(const Exit& exit) {
  if (exit.signal == SIGKILL && exit.out_of_memory) {
    return {false, Cause::kOutOfMemory,
            "killed by the kernel for lack of memory (smaller batch or sequence, or fewer slots)"};
  }
  if (exit.signal == SIGKILL) return {false, Cause::kKilled, "killed from outside by SIGKILL"};
  return {false, Cause::kTrainerCrash, "the trainer ended by signal " + std::to_string(exit.signal)};
}

Outcome FromCode(int code, const Ending& e) {
  switch (code) {
    case 0:
      return {false, Cause::kTrainerCrash, "the trainer left with 0 but its last event is not a result"};
    case kExitUserError:
      return {false, Cause::kUserError, WithWords("the configuration cannot run", e.last_words)};
    case kExitData:
      return {false, Cause::kData, WithWords("the data is missing or cannot be read", e.last_words)};
    case kExitAudit:
      return {false, Cause::kAudit, WithWords("an audit failed", e.last_words)};
    case kExitOutOfMemory:
      return {false, Cause::kOutOfMemory, WithWords("the trainer ran out of memory", e.last_words)};
    case kExitPreempted:
      return {false, Cause::kPreempted, "left after a checkpoint, as asked"};
    default:
      return {false, Cause::kTrainerCrash,
              WithWords("the trainer left with exit code " + std::to_string(code), e.last_words)};
  }
}

}  // namespace

// A trainer that got through before a stop took effect has succeeded: its result is worth more than the stop.
Outcome OutcomeOf(const Ending& e) {
  if (!e.start_failure.empty()) return {false, Cause::kUserError, e.start_failure};
  if (!e.preparation_failure.empty()) return {false, Cause::kControlPlane, e.preparation_failure};
  const bool left_well = e.exit && e.exit->signal == 0 && e.exit->code == 0 && e.has_result;
  if (left_well && e.stopped != StopReason::kBadEvents) return {true, Cause::kNone, ""};
  if (std::optional<Outcome> stopped = FromStop(e)) return *stopped;
  if (!e.exit) return {false, Cause::kWorkerLost, "the trainer is gone and left no record of its exit"};
  if (e.exit->signal != 0) return FromSignal(*e.exit);
  return FromCode(e.exit->code, e);
}

}  // namespace plasa::core
