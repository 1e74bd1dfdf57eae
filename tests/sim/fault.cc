#include "fault.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "random.h"

namespace plasa::sim {
namespace {

struct Entry {
  const char* word;
  uint64_t shortest_ms;
  uint64_t longest_ms;
};
// In the order of FaultKind. How long each lasts, or how long what died stays dead.
constexpr std::array<Entry, kFaultKinds> kEntries = {{
    {"kill-coordinator", 50, 30'000},
    {"kill-before-commit", 50, 3'000},
    {"kill-after-commit", 50, 3'000},
    {"cut-coordinator-power", 50, 9000},
    {"pause-coordinator", 50, 70'000},
    {"fill-coordinator-disk", 100, 20'000},
    {"slow-commits", 500, 60'000},
    {"jump-clock", 1, 2},
    {"backup", 1, 2},
    {"restore", 100, 3'000},
    {"kill-daemon", 50, 30'000},
    {"pause-daemon", 100, 60'000},
    {"leave-daemon", 31'000, 60'000},
    {"kill-shim", 1, 2},
    {"kill-trainer", 1, 2},
    {"fail-trainer", 1, 2},
    {"pause-trainer", 100, 40'000},
    {"cut-host-power", 500, 40'000},
    {"lose-state", 500, 10'000},
    {"fill-host-disk", 100, 10'000},
    {"cut-link", 100, 50'000},
    {"cut-up", 100, 50'000},
    {"cut-down", 100, 50'000},
    {"clog-link", 100, 40'000},
    {"clog-all", 100, 25'000},
    {"disturb-link", 1'000, 60'000},
    {"drain", 1'000, 40'000},
}};
static_assert(kEntries.back().word != nullptr);

constexpr uint64_t kFirstMs = 2'000;
constexpr uint64_t kLastMs = 170'000;
constexpr uint64_t kFewest = 48;
constexpr uint64_t kMost = 75;
constexpr uint64_t kTargets = 6;
constexpr double kKindIsUsed = 0.5;

}  // namespace

const char* Word(FaultKind kind) { return kEntries[static_cast<size_t>(kind)].word; }

Plan MakePlan(uint64_t seed) {
  Random random(seed * 2 + 1);
  std::vector<FaultKind> kinds;
  while (kinds.size() < 4) {
    kinds.clear();
    for (int kind = 0; kind < kFaultKinds; ++kind) {
      if (random.Chance(kKindIsUsed)) kinds.push_back(static_cast<FaultKind>(kind));
    }
  }
  Plan plan{seed, {}, true};
  const uint64_t count = random.Between(kFewest, kMost);
  for (uint64_t i = 0; i < count; ++i) {
    Fault fault;
    fault.at_ms = random.Between(kFirstMs, kLastMs);
    fault.kind = random.Pick(kinds);
    fault.target = static_cast<int>(random.Below(kTargets));
    const Entry& entry = kEntries[static_cast<size_t>(fault.kind)];
    const uint64_t longest = random.Chance(0.3) ? entry.longest_ms : std::min<uint64_t>(entry.longest_ms, 3'000);
    fault.for_ms = random.Between(entry.shortest_ms, std::max(entry.shortest_ms, longest));
    plan.faults.push_back(fault);
  }
  std::stable_sort(plan.faults.begin(), plan.faults.end(), [](auto& a, auto& b) { return a.at_ms < b.at_ms; });
  return plan;
}

std::string Print(const Plan& plan) {
  std::ostringstream out;
  out << "seed " << plan.seed << '\n';
  for (const Fault& fault : plan.faults)
    out << fault.at_ms << ' ' << Word(fault.kind) << ' ' << fault.target << ' ' << fault.for_ms << '\n';
  return out.str();
}

std::optional<Plan> ParsePlan(const std::string& text) {
  Plan plan;
  std::istringstream in(text);
  std::string line, word;
  while (std::getline(in, line)) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    if (line.rfind("seed ", 0) == 0) {
      words >> word >> plan.seed;
      continue;
    }
    Fault fault;
    words >> fault.at_ms >> word >> fault.target >> fault.for_ms;
    const auto entry = std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& e) { return word == e.word; });
    if (!words || entry == kEntries.end()) return std::nullopt;
    fault.kind = static_cast<FaultKind>(entry - kEntries.begin());
    plan.faults.push_back(fault);
  }
  return plan;
}

}  // namespace plasa::sim
