// Wire enums as the words people read, and their colours.
#pragma once

#include <string>

#include "cli/output/terminal.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// "queued", "running", ...; "unknown" for a state of a newer coordinator.
[[nodiscard]] std::string StateWord(plasa::v1::TrialState state);
[[nodiscard]] std::string StateWord(plasa::v1::AttemptState state);
// "TRAINER_CRASH"; "" for none.
[[nodiscard]] std::string CauseWord(plasa::v1::Cause cause);

[[nodiscard]] Color StateColor(const std::string& word);

// Whether nothing more will happen to the trial by itself.
[[nodiscard]] bool Ended(plasa::v1::TrialState state);

}  // namespace plasa::cli
