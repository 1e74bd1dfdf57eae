#include "analysis/decision.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "analysis/derived.h"
#include "analysis/sentence.h"

namespace plasa::analysis {
namespace {

using Verdicts = std::vector<Verdict>;

bool Is(const Verdict& verdict, Finding finding) { return verdict.finding == finding; }

bool Undecidable(const Verdict& verdict) { return verdict.too_few || Is(verdict, Finding::kNotTestable); }

// The first with that finding; nullptr without one.
const Verdict* FirstThat(const Verdicts& verdicts, Finding finding) {
  const auto found = std::find_if(verdicts.begin(), verdicts.end(), [&](const auto& v) { return Is(v, finding); });
  return found == verdicts.end() ? nullptr : &*found;
}

size_t PlaceIn(std::initializer_list<Finding> order, Finding finding) {
  return static_cast<size_t>(std::find(order.begin(), order.end(), finding) - order.begin());
}

// The one whose finding comes first in `order`, of equal ones that with the largest p.
const Verdict& Foremost(const Verdicts& verdicts, std::initializer_list<Finding> order) {
  return *std::min_element(verdicts.begin(), verdicts.end(), [order](const Verdict& a, const Verdict& b) {
    const size_t in_a = PlaceIn(order, a.finding), in_b = PlaceIn(order, b.finding);
    return in_a != in_b ? in_a < in_b : a.p_adjusted > b.p_adjusted;
  });
}

// What all of them together say: one contradiction decides, else the weakest.
const Verdict& AllOf(const Verdicts& verdicts) {
  return Foremost(verdicts, {Finding::kContradicted, Finding::kNotTestable, Finding::kInconclusive,
                             Finding::kEquivalent, Finding::kSupported});
}

// What any of them says: one support decides; what may still become one comes before what cannot.
const Verdict& AnyOf(const Verdicts& verdicts) {
  return Foremost(verdicts, {Finding::kSupported, Finding::kInconclusive, Finding::kNotTestable, Finding::kEquivalent,
                             Finding::kContradicted});
}

void Say(Finding finding, std::string words, Claim* claim) {
  claim->finding = finding;
  claim->verdict = std::move(words);
  claim->run_more.reset();
}

void AskForMore(const Verdicts& decisive, Claim* claim) {
  if (claim->finding != Finding::kInconclusive || !claim->run_more) return;
  for (const Verdict& verdict : decisive) {
    if (Is(verdict, Finding::kInconclusive)) claim->run_more = std::max(*claim->run_more, verdict.run_more);
  }
}

void DecideAll(const Verdicts& decisive, Claim* claim) {
  Rest(AllOf(decisive), claim);
  AskForMore(decisive, claim);
}

void DecideAllSimilar(const Verdicts& decisive, Claim* claim) {
  Rest(Foremost(decisive, {Finding::kSupported, Finding::kContradicted, Finding::kNotTestable, Finding::kInconclusive,
                           Finding::kEquivalent}),
       claim);
  AskForMore(decisive, claim);
  const bool differ = claim->finding == Finding::kSupported || claim->finding == Finding::kContradicted;
  if (differ) Say(Finding::kContradicted, "contradicted", claim);
  if (claim->finding == Finding::kEquivalent) Say(Finding::kSupported, "supported", claim);
}

void DecidePremise(const Verdict& premise, Claim* claim) {
  Rest(premise, claim);
  if (Is(premise, Finding::kSupported) || Undecidable(premise)) return;
  Say(Finding::kInconclusive, "premise not reproduced", claim);
}

// Precondition: both parts have the schedules in the same order.
void DecideBeyondBudget(const Verdicts& against_uniform, const Verdicts& against_matched, Claim* claim) {
  if (const Verdict* beaten = FirstThat(against_matched, Finding::kSupported)) return Rest(*beaten, claim);
  const Verdict* budget = nullptr;
  for (size_t i = 0; i < against_uniform.size(); ++i) {
    if (!Is(against_uniform[i], Finding::kSupported)) continue;
    if (Undecidable(against_matched[i])) return Rest(against_matched[i], claim);
    budget = &against_uniform[i];
  }
  if (budget != nullptr) {
    Rest(*budget, claim);
    return Say(Finding::kInconclusive, "budget effect", claim);
  }
  Verdicts all = against_uniform;
  all.insert(all.end(), against_matched.begin(), against_matched.end());
  Rest(AnyOf(all), claim);
}

void DecideAnyRow(const std::vector<Verdicts>& columns, Claim* claim) {
  Verdicts rows;
  for (size_t i = 0; i < columns.front().size(); ++i) {
    Verdicts row;
    for (const Verdicts& column : columns) row.push_back(column[i]);
    rows.push_back(AllOf(row));
  }
  Rest(AnyOf(rows), claim);
}

void DecideNoSlower(const Verdicts& loss, const Verdicts& time, Claim* claim) {
  const Verdict* fastest = nullptr;
  const Verdict* undecidable = nullptr;
  for (size_t i = 0; i < loss.size(); ++i) {
    if (Undecidable(loss[i])) undecidable = &loss[i];
    if (Undecidable(time[i])) undecidable = &time[i];
    if (Undecidable(loss[i]) || Undecidable(time[i])) continue;
    const bool faster = Is(loss[i], Finding::kSupported) && time[i].effect.hi < 0;
    if (faster) {
      Rest(time[i], claim);
      return Say(Finding::kSupported, "supported", claim);
    }
    if (fastest == nullptr || time[i].effect.mean < fastest->effect.mean) fastest = &time[i];
  }
  Rest(undecidable != nullptr ? *undecidable : *fastest, claim);
  if (undecidable == nullptr) Say(Finding::kInconclusive, "no speedup", claim);
}

// Contrasts `dense - uniform` and `x - uniform`.
void DecideRecovered(const Verdict& premise, const Verdict& gain, const SetJudge& judge, Claim* claim) {
  Rest(premise, claim);
  if (Undecidable(premise)) return;
  if (!Is(premise, Finding::kSupported) || std::abs(premise.effect.mean) < judge.questions().margin)
    return Say(Finding::kInconclusive, "nothing to recover", claim);
  Rest(gain, claim);
  const Estimate share = RecoveredShare(judge, premise.contrast, gain.contrast.a);
  if (share.n == 0) return;
  claim->effect = share;
  claim->unit.clear();
  claim->effect_of = "share of the loss of " + SideWords(premise.contrast.b) + " against " +
                     SideWords(premise.contrast.a) + " that " + SideWords(gain.contrast.a) + " recovers";
  if (Is(gain, Finding::kSupported) && !(share.lo > 0))
    Say(Finding::kInconclusive, "inconclusive (the share may be 0)", claim);
}

Verdicts Decisive(const Verdicts& all, size_t count) {
  return count == 0 ? all : Verdicts(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
}

Verdicts Joined(const std::vector<Verdicts>& parts) {
  Verdicts all;
  for (const Verdicts& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The contrasts of each part, over the claim's lengths.
std::vector<Verdicts> PartsOf(const ClaimRow& row, const std::vector<int64_t>& lengths, SetJudge* judge) {
  std::vector<Verdicts> parts;
  for (const Part& part : row.parts) {
    Verdicts verdicts;
    const bool once = judge->Row(part.family).across_lengths;
    for (size_t i = 0; i < (once ? 1 : lengths.size()); ++i) {
      const Verdicts at_length = judge->Of(part, lengths[i]);
      verdicts.insert(verdicts.end(), at_length.begin(), at_length.end());
    }
    parts.push_back(std::move(verdicts));
  }
  return parts;
}

void Apply(const ClaimRow& row, const std::vector<Verdicts>& parts, SetJudge* judge, Claim* claim) {
  const Verdicts decisive = Decisive(claim->contrasts, row.decisive);
  switch (row.rule) {
    case Rule::kFirst:
      return Rest(decisive.front(), claim);
    case Rule::kAll:
      return DecideAll(decisive, claim);
    case Rule::kAllSimilar:
      return DecideAllSimilar(decisive, claim);
    case Rule::kRecovered:
      return DecideRecovered(decisive[0], decisive[1], *judge, claim);
    case Rule::kPremise:
      return DecidePremise(decisive.front(), claim);
    case Rule::kBeyondBudget:
      return DecideBeyondBudget(parts[0], parts[1], claim);
    case Rule::kAnyRow:
      return DecideAnyRow(parts, claim);
    case Rule::kNoSlower:
      return DecideNoSlower(parts[0], parts[1], claim);
    case Rule::kSpread:
    case Rule::kExact:
      return;
  }
}

}  // namespace

void Rest(const Verdict& verdict, Claim* claim) {
  claim->finding = verdict.finding;
  claim->verdict = verdict.words;
  claim->run_more.reset();
  claim->p_adjusted.reset();
  claim->effect = verdict.effect;
  claim->tests = verdict.tests;
  claim->effect_of = ContrastWords(verdict.contrast);
  claim->unit = UnitOf(verdict.contrast);
  if (verdict.finding == Finding::kInconclusive) claim->run_more = verdict.run_more;
  if (!verdict.deltas.empty()) claim->p_adjusted = verdict.p_adjusted;
}

Claim DecideClaim(const ClaimRow& row, const std::vector<int64_t>& lengths, SetJudge* judge) {
  Claim claim;
  claim.id = row.id;
  claim.title = row.title;
  claim.question = row.question;
  if (!row.jointly && lengths.front() > 0) claim.seq_len = lengths.front();
  if (row.rule == Rule::kExact) {
    CheckSparsity(judge->group(), &claim);
    return claim;
  }
  if (row.rule == Rule::kSpread) {
    const FamilyRow& family = judge->Row(row.parts.front().family);
    claim.contrasts = {judge->cells().Judge([&](const Comparison& cells) {
      return SpreadGrowth(cells, judge->questions(), family, lengths.front(), lengths.back());
    })};
    judge->Add(claim.contrasts.front());
    Rest(claim.contrasts.front(), &claim);
    return claim;
  }
  const std::vector<Verdicts> parts = PartsOf(row, lengths, judge);
  claim.contrasts = Joined(parts);
  Apply(row, parts, judge, &claim);
  return claim;
}

}  // namespace plasa::analysis
