// Judging a family once, or look by look (spec 14, sequential replication).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "analysis/questions.h"
#include "analysis/trial_record.h"
#include "analysis/verdict.h"

namespace plasa::analysis {

// One moment at which trials are judged: by the results of the seeds up to `seeds`.
struct Look {
  uint64_t seeds = 0;
  bool held = true;  // all of its trials have ended; what is judged before is no more than a picture
};

// Of a sweep with a fixed number of seeds one look at all there is. Of a sequential one those looks whose blocks of
// seeds have ended whole, or the first, not held. So neither the order in which trials end nor the moment of asking
// changes a verdict.
[[nodiscard]] std::vector<Look> LooksOf(const Questions& questions, const std::vector<TrialRecord>& own);

// Supported, contradicted or equivalent: more seeds are not asked for, and later looks leave it as it is.
[[nodiscard]] bool IsDecided(const Verdict& verdict);

// The verdicts of a family from what each look measured, in the family's order: each as the first look decided it that
// did, else as the newest found it. Holm's method takes the whole family at each look, decided ones with the p they
// had.
[[nodiscard]] std::vector<Verdict> DecideInLooks(TestKind test, const JudgingRules& rules,
                                                 std::vector<std::vector<Verdict>> looks);

// The cells of one group, look by look. For one thread.
class LookedAt {
 public:
  // Intervals are of the level 1 - alpha. Precondition: at least one look.
  LookedAt(const std::vector<TrialRecord>& trials, const std::vector<Look>& looks, double alpha);

  // The cells of the newest look.
  [[nodiscard]] const Comparison& cells() const { return looks_.back().cells; }

  // The contrasts of the family, see DecideInLooks.
  [[nodiscard]] std::vector<Verdict> Judge(const Family& family);
  // The same for one that `make` makes of a look's cells.
  template <class Make>
  [[nodiscard]] Verdict Judge(Make make) const {
    Verdict verdict;
    for (const Entry& look : looks_) {
      verdict = make(look.cells);
      if (IsDecided(verdict)) break;
    }
    if (!held_) Postpone(&verdict);
    return verdict;
  }

 private:
  struct Entry {
    Entry(const std::vector<TrialRecord>& trials, uint64_t seeds, double alpha)
        : cells(trials, seeds), measurements(cells, alpha) {}
    const Comparison cells;
    Measurements measurements;
  };

  void Postpone(Verdict* verdict) const;

  std::deque<Entry> looks_;
  bool held_;
  uint64_t first_;  // seeds of the first look
};

}  // namespace plasa::analysis
