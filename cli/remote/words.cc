#include "cli/remote/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace plasa::cli {
namespace {

std::string Word(absl::string_view name, absl::string_view prefix) {
  if (!absl::ConsumePrefix(&name, prefix)) return "unknown";
  return absl::AsciiStrToLower(name);
}

}  // namespace

std::string StateWord(plasa::v1::TrialState state) {
  if (state == plasa::v1::TRIAL_STATE_UNSPECIFIED) return "unknown";
  return Word(plasa::v1::TrialState_Name(state), "TRIAL_");
}

std::string StateWord(plasa::v1::AttemptState state) {
  if (state == plasa::v1::ATTEMPT_STATE_UNSPECIFIED) return "unknown";
  return Word(plasa::v1::AttemptState_Name(state), "ATTEMPT_");
}

std::string CauseWord(plasa::v1::Cause cause) {
  absl::string_view name = plasa::v1::Cause_Name(cause);
  if (cause == plasa::v1::CAUSE_NONE || !absl::ConsumePrefix(&name, "CAUSE_")) return "";
  return std::string(name);
}

Color StateColor(const std::string& word) {
  if (word == "succeeded" || word == "online") return Color::kGreen;
  if (word == "running" || word == "leased") return Color::kBlue;
  if (word == "suspect" || word == "silent" || word == "draining") return Color::kYellow;
  if (word == "failed" || word == "quarantined" || word == "lost" || word == "gone") return Color::kRed;
  return Color::kGray;
}

bool Ended(plasa::v1::TrialState state) {
  return state == plasa::v1::TRIAL_SUCCEEDED || state == plasa::v1::TRIAL_FAILED ||
         state == plasa::v1::TRIAL_CANCELED || state == plasa::v1::TRIAL_PRUNED ||
         state == plasa::v1::TRIAL_QUARANTINED;
}

}  // namespace plasa::cli
