// Wire enums as the words people read, and their colours.
#pragma once

#include <string>
#include <vector>

#include "cli/output/terminal.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// "queued", "running", ...; "unknown" for a state of a newer coordinator.
[[nodiscard]] std::string StateWord(plasa::v1::TrialState state);
[[nodiscard]] std::string StateWord(plasa::v1::AttemptState state);
// "TRAINER_CRASH"; "" for none.
[[nodiscard]] std::string CauseWord(plasa::v1::Cause cause);

// What happened to a sweep's seeds after it was submitted, a sentence each; nothing where nothing did.
[[nodiscard]] std::vector<std::string> SeedsSentences(const plasa::v1::Replication& replication);

[[nodiscard]] Color StateColor(const std::string& word);

// Whether nothing more will happen to the trial by itself.
[[nodiscard]] bool Ended(plasa::v1::TrialState state);

// Whether its result is that of a reference mode, which never counts.
[[nodiscard]] bool IsInvalid(const plasa::v1::Trial& trial);
// The reasons joined by ';', INVALID where none is known, "" for every other trial.
[[nodiscard]] std::string InvalidText(const plasa::v1::Trial& trial);

}  // namespace plasa::cli
