#include "cli/drill/judge.h"

#include <bit>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace plasa::cli {
namespace {

using Place = std::pair<std::string, int64_t>;  // name, step

std::string At(const Place& place) { return absl::StrCat(place.first, " at step ", place.second); }

// A sentence's half: "2 points lost, the first is val/loss at step 60".
struct Kind {
  uint64_t count = 0;
  Place first;

  void Add(const Place& place) {
    if (count++ == 0) first = place;
  }
  void Say(const std::string& trial, const char* what, std::vector<std::string>* sentences) const {
    if (count > 0) {
      sentences->push_back(absl::StrCat("trial ", trial, ": ", count, count == 1 ? " point " : " points ", what,
                                        ", the first is ", At(first)));
    }
  }
};

// Bits, so that a NaN equals itself and -0 is not 0.
bool SameBits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

void JudgePoints(const Outcome::Trial& quiet, const Outcome::Trial& found, Judgement* judgement) {
  std::map<Place, double> expected;
  for (const Outcome::Point& point : quiet.points) expected[{point.name, point.step}] = point.value;
  std::map<Place, uint64_t> seen;
  Kind lost;
  Kind doubled;
  Kind changed;
  for (const Outcome::Point& point : found.points) {
    const Place place{point.name, point.step};
    const auto known = expected.find(place);
    if (++seen[place] > 1 || known == expected.end()) {
      doubled.Add(place);
    } else if (!SameBits(known->second, point.value)) {
      changed.Add(place);
    }
  }
  for (const auto& [place, value] : expected) {
    if (!seen.contains(place)) lost.Add(place);
  }
  judgement->points += expected.size();
  judgement->lost += lost.count;
  judgement->doubled += doubled.count;
  judgement->changed += changed.count;
  lost.Say(found.id, "lost", &judgement->sentences);
  doubled.Say(found.id, "too many", &judgement->sentences);
  changed.Say(found.id, "with another value", &judgement->sentences);
}

}  // namespace

Judgement Judge(const Outcome& quiet, const Outcome& found) {
  Judgement judgement;
  judgement.table_equal = quiet.table == found.table;
  if (!judgement.table_equal) judgement.sentences.push_back("results.csv is not that of the quiet run");
  std::map<std::string, const Outcome::Trial*> trials;
  for (const Outcome::Trial& trial : found.trials) trials[trial.id] = &trial;
  for (const Outcome::Trial& trial : quiet.trials) {
    const auto there = trials.find(trial.id);
    if (there == trials.end()) {
      judgement.sentences.push_back(absl::StrCat("trial ", trial.id, " is not there"));
      continue;
    }
    if (there->second->state != trial.state || there->second->admitted != trial.admitted) {
      judgement.sentences.push_back(absl::StrCat("trial ", trial.id, " is ", there->second->state,
                                                 there->second->admitted ? "" : ", not admitted"));
    }
    JudgePoints(trial, *there->second, &judgement);
  }
  if (found.trials.size() > quiet.trials.size()) judgement.sentences.push_back("there are trials of no sweep");
  return judgement;
}

}  // namespace plasa::cli
