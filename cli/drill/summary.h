// What a drill proved, for people and programs. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/drill/judge.h"
#include "cli/drill/plan.h"
#include "cli/output/view.h"

namespace plasa::cli {

struct Summary {
  uint64_t seed = 0;
  uint32_t rounds = 0;
  uint32_t equal = 0;  // rounds
  uint64_t trials = 0;
  uint64_t attempts = 0;
  uint64_t resumed = 0;  // attempts that went on from a checkpoint
  uint64_t points = 0;
  uint64_t lost = 0;
  uint64_t doubled = 0;
  uint64_t changed = 0;
  std::map<FaultKind, uint32_t> faults;
  double seconds = 0;
  std::vector<std::string> differences;  // each with its round in front
  std::string evidence;                  // the directory that is kept; empty: nothing differs

  [[nodiscard]] bool ok() const { return rounds > 0 && equal == rounds; }

  // A round that ended.
  void Add(const Outcome& outcome, const Judgement& judgement);
  // A round that did not come to its end.
  void AddBroken(const std::string& why);
};

[[nodiscard]] View SummaryView(const Summary& summary);

}  // namespace plasa::cli
