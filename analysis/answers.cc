#include "analysis/answers.h"

#include <algorithm>
#include <string>

#include "analysis/contrast_sets.h"
#include "analysis/decision.h"
#include "analysis/evidence.h"
#include "analysis/looks.h"
#include "analysis/sentence.h"
#include "analysis/set_judge.h"

namespace plasa::analysis {
namespace {

// Lists of one metric each, in the order of the contrasts: they are judged together.
std::vector<Family> FamiliesOf(const Questions& questions, const Comparison& cells) {
  std::vector<Family> families;
  for (const Contrast& contrast : AtLengths(questions.contrasts, cells)) {
    const auto same = [&](const Family& family) { return family.name == contrast.metric; };
    auto found = std::find_if(families.begin(), families.end(), same);
    if (found == families.end()) {
      const JudgingRules rules{questions.margin, questions.alpha, LargerIsBetter(questions, contrast.metric)};
      found = families.insert(families.end(), Family{contrast.metric, {}, TestKind::kDifference, rules});
    }
    found->contrasts.push_back(contrast);
  }
  return families;
}

Claim ClaimOf(const Verdict& verdict, double alpha) {
  Claim claim;
  const Contrast& contrast = verdict.contrast;
  claim.id = contrast.a + " - " + contrast.b + " on " + contrast.metric;
  claim.title = ContrastWords(contrast);
  claim.question =
      "Is " + SideWords(contrast.a) + " better than " + SideWords(contrast.b) + " in " + contrast.metric + "?";
  if (*contrast.seq_len > 0) claim.seq_len = contrast.seq_len;
  Rest(verdict, &claim);
  claim.effect_of = "mean difference";
  claim.contrasts = {verdict};
  claim.sentence = Sentence(claim, alpha);
  return claim;
}

void AnswerList(const Questions& questions, const std::vector<Group>& groups, const std::vector<Look>& looks,
                Answers* answers) {
  LookedAt cells(Pooled(groups), looks, questions.alpha);
  for (const Family& family : FamiliesOf(questions, cells.cells())) {
    for (const Verdict& verdict : cells.Judge(family)) {
      answers->claims.push_back(ClaimOf(verdict, questions.alpha));
      answers->verdicts.push_back(verdict);
    }
  }
}

// The lengths of each claim that a row makes: one claim a length, or one over all.
std::vector<std::vector<int64_t>> LengthsOf(const ClaimRow& row, const Group& group) {
  const std::vector<int64_t>& lengths = row.lengths.empty() ? group.lengths : row.lengths;
  if (row.jointly) return {lengths};
  std::vector<std::vector<int64_t>> each;
  for (const int64_t length : lengths) each.push_back({length});
  return each;
}

void AnswerSet(const Questions& questions, const Group& group, bool only_group, const std::vector<Look>& looks,
               Answers* answers) {
  const ContrastSet& set = *FindContrastSet(questions.set);
  SetJudge judge(set, questions, group, looks);
  for (const ClaimRow& row : set.claims) {
    for (const std::vector<int64_t>& lengths : LengthsOf(row, group)) {
      Claim claim = DecideClaim(row, lengths, &judge);
      if (!only_group) claim.id += " [" + group.name + "]";
      if (!only_group) claim.title += " (" + group.name + ")";
      claim.sentence = Sentence(claim, questions.alpha, row.rule == Rule::kPremise);
      answers->claims.push_back(std::move(claim));
    }
  }
  const std::vector<Verdict> verdicts = judge.All();
  answers->verdicts.insert(answers->verdicts.end(), verdicts.begin(), verdicts.end());
}

}  // namespace

Answers AnswersTo(const Questions& questions, const std::vector<TrialRecord>& own,
                  const std::vector<TrialRecord>& related) {
  Answers answers;
  answers.margin = questions.margin;
  answers.alpha = questions.alpha;
  if (questions.empty()) return answers;
  const std::vector<Look> looks = LooksOf(questions, own);
  for (const Look& look : looks) {
    if (!questions.looks.empty() && look.held) answers.looks.push_back(look.seeds);
  }
  const std::vector<Group> groups = GroupsOf(own, related);
  if (questions.set.empty()) {
    AnswerList(questions, groups, looks, &answers);
    return answers;
  }
  for (const Group& group : groups) AnswerSet(questions, group, groups.size() == 1, looks, &answers);
  return answers;
}

}  // namespace plasa::analysis
