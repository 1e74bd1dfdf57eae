#include "cli/remote/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

std::vector<std::string> SeedsSentences(const plasa::v1::Replication& replication) {
  std::vector<std::string> sentences;
  const bool by_rule = replication.open() || !replication.stopped().empty();
  for (const plasa::v1::AddedSeeds& added : replication.added()) {
    const int seeds = added.seeds().size();
    sentences.push_back(absl::StrCat(seeds, seeds == 1 ? " seed was" : " seeds were", " added to ", added.cells(),
                                     added.cells() == 1 ? " cell" : " cells", " later: ", added.why(),
                                     by_rule ? "." : "; p-values and intervals take no account of that."));
  }
  if (replication.open()) sentences.emplace_back("Seeds are added until the contrasts are decided.");
  if (!replication.stopped().empty())
    sentences.push_back(absl::StrCat("No more seeds are added: ", replication.stopped(), "."));
  return sentences;
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

bool IsInvalid(const plasa::v1::Trial& trial) {
  return !trial.valid() && (trial.state() == plasa::v1::TRIAL_SUCCEEDED || !trial.invalid_reasons().empty());
}

std::string InvalidText(const plasa::v1::Trial& trial) {
  if (!IsInvalid(trial)) return "";
  return trial.invalid_reasons().empty() ? "INVALID" : absl::StrJoin(trial.invalid_reasons(), ";");
}

}  // namespace plasa::cli
