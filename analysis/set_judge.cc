#include "analysis/set_judge.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace plasa::analysis {
namespace {

const double kSimilarTime = std::log(1.10);  // how much slower or faster a step may be to count as similar

std::vector<std::string_view> SidesOf(const ContrastSet& set) {
  std::set<std::string_view> sides;
  for (const FamilyRow& row : set.families) {
    for (const Pair& pair : row.pairs) sides.insert({pair.a, pair.b});
  }
  return {sides.begin(), sides.end()};
}

}  // namespace

SetJudge::SetJudge(const ContrastSet& set, const Questions& questions, const Group& group,
                   const std::vector<Look>& looks)
    : set_(set), questions_(questions), group_(group), cells_(RecordsOf(group, SidesOf(set)), looks, questions.alpha) {}

size_t SetJudge::IndexOf(std::string_view family) const {
  const auto found = std::find_if(set_.families.begin(), set_.families.end(),
                                  [family](const FamilyRow& row) { return row.name == family; });
  return static_cast<size_t>(found - set_.families.begin());
}

std::string SetJudge::MetricOf(Measure measure) const {
  switch (measure) {
    case Measure::kObjective:
      return questions_.metric;
    case Measure::kStepTime:
      return kLogStepTime;
    case Measure::kRecallTask:
      return kRecall;
    case Measure::kEarly:
      return kEarlyHalf;
    case Measure::kLate:
      return kLateHalf;
  }
  return questions_.metric;
}

JudgingRules SetJudge::RulesOf(Measure measure) const {
  JudgingRules rules{questions_.margin, questions_.alpha, false};
  if (measure == Measure::kObjective) rules.larger_is_better = questions_.larger_is_better;
  if (measure == Measure::kRecallTask) rules.larger_is_better = true;
  if (measure == Measure::kStepTime) rules.margin = kSimilarTime;
  return rules;
}

const std::vector<Verdict>& SetJudge::Judged(size_t index, int64_t seq_len) {
  const FamilyRow& row = set_.families[index];
  const auto [place, fresh] = judged_.try_emplace({index, row.across_lengths ? 0 : seq_len});
  if (!fresh) return place->second;
  const std::vector<int64_t> lengths = row.across_lengths ? group_.lengths : std::vector<int64_t>{seq_len};
  Family family{std::string(row.name), {}, row.test, RulesOf(row.measure)};
  if (!row.across_lengths) family.name += " at " + std::to_string(seq_len);
  for (const Pair& pair : row.pairs) {
    for (const int64_t length : lengths)
      family.contrasts.push_back({std::string(pair.a), std::string(pair.b), length, MetricOf(row.measure)});
  }
  place->second = cells_.Judge(family);
  return place->second;
}

std::vector<Verdict> SetJudge::Of(const Part& part, int64_t seq_len) {
  const size_t index = IndexOf(part.family);
  const std::vector<Verdict>& all = Judged(index, seq_len);
  const size_t stride = set_.families[index].across_lengths ? group_.lengths.size() : 1;
  const auto from = all.begin() + static_cast<std::ptrdiff_t>(part.first * stride);
  const auto to = part.count == 0 ? all.end() : from + static_cast<std::ptrdiff_t>(part.count * stride);
  return {from, to};
}

std::vector<Verdict> SetJudge::All() const {
  std::vector<Verdict> all;
  for (const auto& [key, verdicts] : judged_) all.insert(all.end(), verdicts.begin(), verdicts.end());
  all.insert(all.end(), extra_.begin(), extra_.end());
  return all;
}

}  // namespace plasa::analysis
