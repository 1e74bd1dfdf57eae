// Sequential replication: looks, what they freeze, and what they ask for.
#include "analysis/replication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "analysis/looks.h"
#include "common/base/philox.h"
#include "common/experiment/contrast.h"
#include "common/experiment/looks.h"
#include "made_up_sweep.h"

namespace plasa::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Questions UntilDecided(const std::vector<std::string>& contrasts, int64_t most = kLooks.back()) {
  Questions questions;
  for (const std::string& text : contrasts) questions.contrasts.push_back(*ParseContrast(text, "val/loss"));
  questions.alpha /= static_cast<double>(kLooks.size());
  for (const int64_t look : kLooks) {
    if (look <= most) questions.looks.push_back(look);
  }
  return questions;
}

// A trial of the cell {"x": name}; its loss is `base` plus a scatter of its own.
TrialRecord Trial(const std::string& name, uint64_t seed, double base, double deviation = 0.02) {
  TrialRecord trial;
  trial.id = name + "/" + std::to_string(seed);
  trial.label = "x=" + name;
  trial.cell = trial.params = {{"x", name}};
  trial.seq_len = 64;
  trial.seed = seed;
  trial.ended = trial.succeeded = trial.admitted = true;
  const double normal = Normal(Word(7, Purpose::kAudit, static_cast<uint32_t>(seed), 0, name[0]));
  trial.metrics = {{"val/loss", base + deviation * normal}};
  return trial;
}

std::vector<TrialRecord> Cell(const std::string& name, uint64_t seeds, double base, double deviation = 0.02) {
  std::vector<TrialRecord> trials;
  for (uint64_t seed = 1; seed <= seeds; ++seed) trials.push_back(Trial(name, seed, base, deviation));
  return trials;
}

std::vector<TrialRecord> Joined(std::vector<std::vector<TrialRecord>> cells) {
  std::vector<TrialRecord> all;
  for (const auto& cell : cells) all.insert(all.end(), cell.begin(), cell.end());
  return all;
}

TEST(Looks, AreHeldWhenTheirSeedsHaveEndedWhole) {
  const Questions questions = UntilDecided({"x=a - x=b"});
  std::vector<TrialRecord> trials = Joined({Cell("a", 12, 3), Cell("b", 12, 3)});
  EXPECT_EQ(LooksOf(questions, trials).back().seeds, 12u);
  EXPECT_TRUE(LooksOf(questions, trials).back().held);
  trials[3].ended = false;
  EXPECT_FALSE(LooksOf(questions, trials).back().held);
  trials[3].ended = true;
  trials.push_back(Trial("a", 13, 3));
  EXPECT_EQ(LooksOf(questions, trials).size(), 2u);
  trials.back().ended = false;
  EXPECT_EQ(LooksOf(questions, trials).size(), 1u) << "the block of 16 runs";
}

TEST(Looks, NothingIsFoundBeforeTheFirst) {
  const Questions questions = UntilDecided({"x=a - x=b"});
  std::vector<TrialRecord> trials = Joined({Cell("a", 12, 3), Cell("b", 12, 4)});
  trials.back().ended = trials.back().succeeded = false;
  const Answers before = AnswersTo(questions, trials);
  EXPECT_EQ(before.verdicts.front().words, "inconclusive (first judged at 12 seeds)");
  EXPECT_THAT(before.looks, IsEmpty());
  trials.back().ended = trials.back().succeeded = true;
  EXPECT_EQ(AnswersTo(questions, trials).verdicts.front().words, "supported");
}

// A contrast that a look decided keeps its figures, whatever later seeds say.
TEST(Looks, FreezeWhatTheyDecide) {
  const Questions questions = UntilDecided({"x=a - x=b", "x=a - x=c"});
  std::vector<TrialRecord> trials = Joined({Cell("a", 12, 3), Cell("b", 12, 4), Cell("c", 12, 3.01, 0.2)});
  const Verdict first = AnswersTo(questions, trials).verdicts.front();
  EXPECT_EQ(first.finding, Finding::kSupported);
  for (uint64_t seed = 13; seed <= 16; ++seed) {
    trials.push_back(Trial("a", seed, 9));
    trials.push_back(Trial("b", seed, 1));
    trials.push_back(Trial("c", seed, 9));
  }
  const Answers answers = AnswersTo(questions, trials);
  EXPECT_THAT(answers.looks, ElementsAre(12u, 16u));
  EXPECT_EQ(answers.verdicts.front().finding, Finding::kSupported);
  EXPECT_EQ(answers.verdicts.front().deltas, first.deltas);
  EXPECT_EQ(answers.verdicts.front().p_adjusted, first.p_adjusted);
  EXPECT_EQ(answers.verdicts.back().deltas.size(), 16u);
}

TEST(NextSeeds, GoToUndecidedCellsAlone) {
  const Questions questions = UntilDecided({"x=a - x=b", "x=a - x=c"});
  const auto trials = Joined({Cell("a", 12, 3), Cell("b", 12, 4), Cell("c", 12, 3.01, 0.2)});
  const Replication next = NextSeeds(questions, trials);
  EXPECT_THAT(next.cells, ElementsAre(R"({"x":"a"})", R"({"x":"c"})"));
  EXPECT_THAT(next.seeds, ElementsAre(13, 14, 15, 16));
  EXPECT_EQ(next.why, "1 of 2 contrasts is undecided at 12 seeds");
}

TEST(NextSeeds, StopWhenAllIsDecidedAndAtTheLastLook) {
  const Questions questions = UntilDecided({"x=a - x=b"});
  const Replication decided = NextSeeds(questions, Joined({Cell("a", 12, 3), Cell("b", 12, 4)}));
  EXPECT_TRUE(decided.Stops());
  EXPECT_THAT(decided.seeds, IsEmpty());
  EXPECT_EQ(decided.why, "its contrast is decided at 12 seeds");
  const Replication spent = NextSeeds(questions, Joined({Cell("a", 20, 3, 0.1), Cell("b", 20, 3.01, 0.1)}));
  EXPECT_TRUE(spent.Stops());
  EXPECT_THAT(spent.why, HasSubstr("the most that this sweep may use"));
  EXPECT_TRUE(
      NextSeeds(UntilDecided({"x=a - x=b"}, 16), Joined({Cell("a", 16, 3, 0.1), Cell("b", 16, 3.01, 0.1)})).Stops());
}

// Step times do not become certain by seeds, and a cell without results cannot be decided by more of them.
TEST(NextSeeds, AskNothingWhereSeedsDoNotDecide) {
  auto trials = Joined({Cell("a", 12, 3), Cell("b", 12, 3)});
  for (TrialRecord& trial : trials) trial.metrics["time_per_step"] = 0.1 + 0.01 * static_cast<double>(trial.seed % 3);
  const Replication next = NextSeeds(UntilDecided({"x=a - x=b on time_per_step", "x=a - x=missing"}), trials);
  EXPECT_TRUE(next.Stops());
  EXPECT_EQ(next.contrasts, 0u);
  EXPECT_EQ(next.why, "no contrast can be tested with the results that there are");
}

TEST(NextSeeds, DoNotDependOnTheOrderOfTrials) {
  const Questions questions = UntilDecided({"x=a - x=b", "x=a - x=c", "x=b - x=c"});
  auto trials = Joined({Cell("a", 12, 3), Cell("b", 12, 3.03), Cell("c", 12, 3.01, 0.2)});
  const Replication in_order = NextSeeds(questions, trials);
  std::shuffle(trials.begin(), trials.end(), std::mt19937(3));
  const Replication shuffled = NextSeeds(questions, trials);
  EXPECT_EQ(in_order.cells, shuffled.cells);
  EXPECT_EQ(in_order.why, shuffled.why);
}

// The experiment's own set: whatever is undecided is among the sweep's own cells, by the names of its grid.
TEST(NextSeeds, KnowTheCellsOfASet) {
  Questions questions = UntilDecided({});
  questions.set = "exp3";
  auto trials = MadeUpSweep(kGrid, 12, [](const std::string& label, int64_t, uint64_t seed) {
    return label == "dense_baseline" ? 2.0 : 3 + 0.1 * std::sin(static_cast<double>(seed * label.size()));
  });
  for (TrialRecord& trial : trials) trial.ended = true;
  const Replication next = NextSeeds(questions, trials);
  EXPECT_FALSE(next.Stops());
  for (const std::string& cell : next.cells) {
    const auto is = [&cell](const TrialRecord& trial) { return Value(trial.cell).CanonicalJson() == cell; };
    EXPECT_TRUE(std::any_of(trials.begin(), trials.end(), is)) << cell;
  }
}

}  // namespace
}  // namespace plasa::analysis
