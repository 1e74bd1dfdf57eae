// Judges the families of a set of contrasts on the cells of one group, each once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/contrast_sets.h"
#include "analysis/evidence.h"
#include "analysis/looks.h"
#include "analysis/questions.h"

namespace plasa::analysis {

// For one thread. All must outlive it.
class SetJudge {
 public:
  SetJudge(const ContrastSet& set, const Questions& questions, const Group& group, const std::vector<Look>& looks);

  // The contrasts of a part: at that length, or at all lengths of a family across them, by contrast, then length.
  [[nodiscard]] std::vector<Verdict> Of(const Part& part, int64_t seq_len);

  [[nodiscard]] const LookedAt& cells() const { return cells_; }
  [[nodiscard]] const Group& group() const { return group_; }
  [[nodiscard]] const Questions& questions() const { return questions_; }
  // The contrasts of every family judged so far, in the order of the set, then by length.
  [[nodiscard]] std::vector<Verdict> All() const;
  // Adds one that was made elsewhere.
  void Add(Verdict verdict) { extra_.push_back(std::move(verdict)); }
  [[nodiscard]] const FamilyRow& Row(std::string_view family) const { return set_.families[IndexOf(family)]; }
  [[nodiscard]] JudgingRules RulesOf(Measure measure) const;

 private:
  [[nodiscard]] size_t IndexOf(std::string_view family) const;
  [[nodiscard]] std::string MetricOf(Measure measure) const;
  [[nodiscard]] const std::vector<Verdict>& Judged(size_t row, int64_t seq_len);

  const ContrastSet& set_;
  const Questions& questions_;
  const Group& group_;
  LookedAt cells_;
  std::map<std::pair<size_t, int64_t>, std::vector<Verdict>> judged_;  // by row and length; 0: across lengths
  std::vector<Verdict> extra_;
};

}  // namespace plasa::analysis
