// The promise of early stopping: who is pruned does not depend on the order in which reports come.
#include "coordinator/core/rungs.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/strings/str_cat.h"

namespace plasa::coordinator {
namespace {

constexpr int kCells = 9;
constexpr int kSeeds = 2;
constexpr int64_t kReports = 20;

Rungs NewRungs() {
  Rungs rungs;
  rungs.plan = {{1, 3, 9, 27}, 2, true};
  rungs.metric = "loss";
  for (int cell = 0; cell < kCells; ++cell) {
    for (int seed = 0; seed < kSeeds; ++seed)
      static_cast<void>(rungs.Add(absl::StrCat(cell, "#", seed), absl::StrCat(cell)));
  }
  return rungs;
}

// What a trial reports at a step: always the same, with many ties.
double ValueOf(const std::string& trial, int64_t step) {
  return static_cast<double>(std::hash<std::string>()(absl::StrCat(trial, "@", step)) % 5);
}

// Trials report in a random order, some far ahead of others; decisions fall at random times. A trial that is pruned may
// go on for a while.
std::set<std::string> PrunedInOrder(uint32_t order) {
  std::mt19937 random(order);
  Rungs rungs = NewRungs();
  std::map<std::string, int64_t> left;
  for (const auto& [trial, cell] : rungs.cell_of) left[trial] = kReports;
  const auto may_report = [&](const std::string& trial) { return left.contains(trial); };
  while (!left.empty()) {
    auto runner = std::next(left.begin(), static_cast<long>(random() % left.size()));
    for (uint32_t more = 1 + random() % 12; more > 0 && runner != left.end(); --more) {
      const int64_t step = kReports - runner->second + 1;
      rungs.Count(runner->first, {step, ValueOf(runner->first, step)});
      if (--runner->second == 0) runner = left.erase(runner), more = 1;
    }
    if (random() % 3 == 0) continue;
    while (auto decision = rungs.JudgeNext(may_report)) rungs.Decide(*std::move(decision));
    std::erase_if(left, [&](const auto& entry) { return random() % 2 == 0 && rungs.HasPruned(entry.first); });
  }
  while (auto decision = rungs.JudgeNext(may_report)) rungs.Decide(*std::move(decision));
  EXPECT_EQ(rungs.decided.size(), 3u) << "the fourth rung is beyond every trial";
  std::set<std::string> pruned;
  for (const auto& [trial, cell] : rungs.cell_of) {
    if (rungs.HasPruned(trial)) pruned.insert(trial);
  }
  return pruned;
}

TEST(Rungs, PruneTheSameTrialsWhateverTheOrder) {
  const std::set<std::string> pruned = PrunedInOrder(0);
  EXPECT_EQ(pruned.size(), (kCells - 1) * kSeeds);
  for (uint32_t order = 1; order <= 200; ++order) EXPECT_EQ(PrunedInOrder(order), pruned) << "order " << order;
}

TEST(Rungs, HistoryThatComesLaterIsPutBeforeWhatCameMeanwhile) {
  Rungs rungs = NewRungs();
  rungs.unread["0#0"];
  rungs.Count("0#0", {3, 30});
  rungs.Count("0#0", {4, 40});
  EXPECT_FALSE(rungs.JudgeNext([](const std::string&) { return false; }).has_value())
      << "what it reported is not known";
  rungs.Read({"s", "0#0", {{1, 10}, {2, 20}, {3, 30}}});
  EXPECT_EQ(rungs.progress.at("0#0").reports, 4);
  EXPECT_EQ(rungs.progress.at("0#0").values, (std::vector<double>{10, 30}));
  rungs.Read({"s", "0#0", {{5, 50}}});
  EXPECT_EQ(rungs.progress.at("0#0").reports, 4) << "nobody asked";
}

}  // namespace
}  // namespace plasa::coordinator
