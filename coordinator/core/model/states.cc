#include "coordinator/core/model/states.h"

#include <array>
#include <cstddef>

namespace plasa::coordinator {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 7> kTrialWords = {"queued",   "running", "succeeded",  "failed",
                                                         "canceled", "pruned",  "quarantined"};
constexpr std::array<std::string_view, 7> kAttemptWords = {"leased",   "running",   "succeeded", "failed",
                                                           "canceled", "preempted", "lost"};
constexpr std::array<std::string_view, 11> kCauseWords = {
    "",        "USER_ERROR",  "DATA",   "AUDIT",     "TRAINER_CRASH", "OUT_OF_MEMORY",
    "TIMEOUT", "WORKER_LOST", "KILLED", "PREEMPTED", "CONTROL_PLANE"};

template <class Enum, size_t N>
std::optional<Enum> Find(const std::array<std::string_view, N>& words, std::string_view word) {
  for (size_t i = 0; i < N; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Word(TrialState state) { return kTrialWords[static_cast<size_t>(state)]; }
std::string_view Word(AttemptState state) { return kAttemptWords[static_cast<size_t>(state)]; }
std::string_view Word(Cause cause) { return kCauseWords[static_cast<size_t>(cause)]; }

std::optional<TrialState> ParseTrialState(std::string_view word) { return Find<TrialState>(kTrialWords, word); }
std::optional<AttemptState> ParseAttemptState(std::string_view word) { return Find<AttemptState>(kAttemptWords, word); }
std::optional<Cause> ParseCause(std::string_view word) { return Find<Cause>(kCauseWords, word); }

}  // namespace plasa::coordinator
