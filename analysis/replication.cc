#include "analysis/replication.h"

#include <algorithm>

#include "analysis/evidence.h"
#include "analysis/looks.h"

namespace plasa::analysis {
namespace {

std::string Count(size_t n, const std::string& noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

bool SeedsDecide(const Verdict& verdict) {
  return !verdict.sources.empty() && !verdict.deltas.empty() && verdict.contrast.metric != kLogStepTime &&
         !IsTiming(verdict.contrast.metric);
}

std::string WhyStopped(const Replication& found, bool last) {
  if (found.contrasts == 0) return "no contrast can be tested with the results that there are";
  if (found.undecided == 0 && found.contrasts == 1)
    return "its contrast is decided at " + std::to_string(found.look) + " seeds";
  if (found.undecided == 0)
    return "all " + Count(found.contrasts, "contrast") + " are decided at " + std::to_string(found.look) + " seeds";
  const std::string left = std::to_string(found.undecided) + " of " + Count(found.contrasts, "contrast");
  return left + (found.undecided == 1 ? " is" : " are") + " undecided at " + std::to_string(found.look) + " seeds" +
         (last ? ", the most that this sweep may use" : "");
}

}  // namespace

Replication NextSeeds(const Questions& questions, const std::vector<TrialRecord>& own,
                      const std::vector<TrialRecord>& related) {
  Replication found;
  found.look = LooksOf(questions, own).back().seeds;
  for (const Verdict& verdict : AnswersTo(questions, own, related).verdicts) {
    if (!SeedsDecide(verdict)) continue;
    ++found.contrasts;
    if (IsDecided(verdict)) continue;
    ++found.undecided;
    found.cells.insert(verdict.sources.begin(), verdict.sources.end());
  }
  const auto next = std::upper_bound(questions.looks.begin(), questions.looks.end(), static_cast<int64_t>(found.look));
  const bool last = next == questions.looks.end();
  if (last) found.cells.clear();
  found.why = WhyStopped(found, last);
  if (found.Stops()) return found;
  for (int64_t seed = static_cast<int64_t>(found.look) + 1; seed <= *next; ++seed) found.seeds.push_back(seed);
  return found;
}

}  // namespace plasa::analysis
