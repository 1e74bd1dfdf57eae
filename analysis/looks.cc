#include "analysis/looks.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace plasa::analysis {

std::vector<Look> LooksOf(const Questions& questions, const std::vector<TrialRecord>& own) {
  if (questions.looks.empty()) return {{std::numeric_limits<uint64_t>::max(), true}};
  std::vector<Look> looks;
  uint64_t before = 0;
  for (const int64_t at : questions.looks) {
    const auto seeds = static_cast<uint64_t>(at);
    const bool begun = std::any_of(own.begin(), own.end(), [before](const auto& trial) { return trial.seed > before; });
    const bool over =
        std::all_of(own.begin(), own.end(), [seeds](const auto& trial) { return trial.seed > seeds || trial.ended; });
    if (!begun || !over) break;
    looks.push_back({seeds, true});
    before = seeds;
  }
  if (looks.empty()) looks.push_back({static_cast<uint64_t>(questions.looks.front()), false});
  return looks;
}

bool IsDecided(const Verdict& verdict) {
  return verdict.finding == Finding::kSupported || verdict.finding == Finding::kContradicted ||
         verdict.finding == Finding::kEquivalent;
}

std::vector<Verdict> DecideInLooks(TestKind test, const JudgingRules& rules, std::vector<std::vector<Verdict>> looks) {
  std::vector<Verdict> verdicts;
  for (std::vector<Verdict>& now : looks) {
    verdicts.resize(now.size());
    for (size_t i = 0; i < now.size(); ++i) {
      if (IsDecided(verdicts[i])) now[i] = verdicts[i];
    }
    Decide(test, rules, &now);
    for (size_t i = 0; i < now.size(); ++i) {
      if (!IsDecided(verdicts[i])) verdicts[i] = std::move(now[i]);
    }
  }
  return verdicts;
}

LookedAt::LookedAt(const std::vector<TrialRecord>& trials, const std::vector<Look>& looks, double alpha)
    : held_(looks.front().held), first_(looks.front().seeds) {
  for (const Look& look : looks) looks_.emplace_back(trials, look.seeds, alpha);
}

std::vector<Verdict> LookedAt::Judge(const Family& family) {
  std::vector<std::vector<Verdict>> measured;
  for (Entry& look : looks_) measured.push_back(Measured(&look.measurements, family));
  std::vector<Verdict> verdicts = DecideInLooks(family.test, family.rules, std::move(measured));
  for (Verdict& verdict : verdicts) {
    if (!held_) Postpone(&verdict);
  }
  return verdicts;
}

// Takes back what was found before the first look.
void LookedAt::Postpone(Verdict* verdict) const {
  if (verdict->deltas.empty()) return;
  verdict->finding = Finding::kInconclusive;
  verdict->too_few = true;
  verdict->run_more = verdict->deltas.size() < first_ ? first_ - verdict->deltas.size() : 0;
  verdict->words = "inconclusive (first judged at " + std::to_string(first_) + " seeds)";
}

}  // namespace plasa::analysis
