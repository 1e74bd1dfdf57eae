// The words for states and causes, as the database, the wire and people use them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plasa::coordinator {

enum class TrialState { kQueued, kRunning, kSucceeded, kFailed, kCanceled, kPruned, kQuarantined };
enum class AttemptState { kLeased, kRunning, kSucceeded, kFailed, kCanceled, kPreempted, kLost };

// Why an attempt ended without a result.
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

// "queued", "leased", "TRAINER_CRASH" ("" for kNone).
[[nodiscard]] std::string_view Word(TrialState state);
[[nodiscard]] std::string_view Word(AttemptState state);
[[nodiscard]] std::string_view Word(Cause cause);

// The reverse; nullopt for a word nobody knows.
[[nodiscard]] std::optional<TrialState> ParseTrialState(std::string_view word);
[[nodiscard]] std::optional<AttemptState> ParseAttemptState(std::string_view word);
[[nodiscard]] std::optional<Cause> ParseCause(std::string_view word);

// Nothing more happens to a trial in such a state by itself.
[[nodiscard]] constexpr bool IsFinal(TrialState state) {
  return state != TrialState::kQueued && state != TrialState::kRunning;
}
// The attempt still holds its trial.
[[nodiscard]] constexpr bool IsLive(AttemptState state) {
  return state == AttemptState::kLeased || state == AttemptState::kRunning;
}

}  // namespace plasa::coordinator
