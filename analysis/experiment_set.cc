#include "analysis/experiment_set.h"

namespace plasa::analysis {
namespace {

constexpr std::string_view kDense = "dense_baseline", kUniform = "uniform_sparse", kToSparse = "dense_to_sparse",
                           kMiddle = "aggressive_middle", kProgressive = "progressive_sparse",
                           kReverse = "reverse_progressive";
// The uniform schedule of the same budget.
constexpr std::string_view kLikeToSparse = "matched_uniform, schedule_match=dense_to_sparse",
                           kLikeMiddle = "matched_uniform, schedule_match=aggressive_middle",
                           kLikeProgressive = "matched_uniform, schedule_match=progressive_sparse",
                           kLikeReverse = "matched_uniform, schedule_match=reverse_progressive";
// Aggressive middle with its sparse third moved.
constexpr std::string_view kEarlySparse = "aggressive_middle, schedule_perm=MEL",
                           kLateSparse = "aggressive_middle, schedule_perm=ELM";

constexpr auto kLoss = Measure::kObjective;
constexpr auto kDiffers = TestKind::kDifference;
constexpr auto kNotWorse = TestKind::kNonInferiority;
constexpr auto kSame = TestKind::kEquivalence;

std::vector<Pair> Against(std::string_view a, const std::vector<std::string_view>& others) {
  std::vector<Pair> pairs;
  for (const std::string_view b : others) pairs.push_back({a, b});
  return pairs;
}

std::vector<Pair> EachAgainst(const std::vector<std::string_view>& others, std::string_view b) {
  std::vector<Pair> pairs;
  for (const std::string_view a : others) pairs.push_back({a, b});
  return pairs;
}

std::vector<Pair> AllPairs(const std::vector<std::string_view>& all) {
  std::vector<Pair> pairs;
  for (size_t i = 0; i < all.size(); ++i)
    for (size_t j = i + 1; j < all.size(); ++j) pairs.push_back({all[i], all[j]});
  return pairs;
}

const std::vector<std::string_view>& Sparse() {
  static const std::vector<std::string_view> sparse = {kUniform, kToSparse, kMiddle, kProgressive, kReverse};
  return sparse;
}

std::vector<Pair> PrimaryPairs() {
  return {{kMiddle, kLikeMiddle},
          {kProgressive, kReverse},
          {kProgressive, kLikeProgressive},
          {kMiddle, kUniform},
          {kProgressive, kUniform}};
}

// Each schedule and the uniform one of its budget.
std::vector<Pair> OwnBudgetPairs() {
  return {
      {kToSparse, kLikeToSparse}, {kMiddle, kLikeMiddle}, {kProgressive, kLikeProgressive}, {kReverse, kLikeReverse}};
}

std::vector<Pair> PositionPairs() {
  return {{kProgressive, kReverse},
          {kProgressive, "progressive_sparse, schedule_perm=ELM"},
          {kProgressive, "progressive_sparse, schedule_perm=MEL"},
          {kProgressive, "progressive_sparse, schedule_perm=LEM"},
          {kProgressive, "progressive_sparse, schedule_perm=LME"}};
}

std::vector<FamilyRow> ExperimentFamilies() {
  const std::vector<std::string_view> varied = {kToSparse, kMiddle, kProgressive};
  const std::vector<std::string_view> candidates = {kToSparse, kMiddle, kProgressive, kReverse};
  return {
      {"primary", kDiffers, kLoss, PrimaryPairs()},
      {"primary, all lengths", kDiffers, kLoss, PrimaryPairs(), true},
      {"H1", kDiffers, kLoss, Against(kMiddle, {kUniform, kToSparse, kProgressive, kReverse})},
      {"H1a", kDiffers, kLoss, {{kDense, kUniform}, {kMiddle, kUniform}}},
      {"H1b", kNotWorse, kLoss, {{kMiddle, kUniform}}},
      {"H1c", kNotWorse, kLoss, {{kMiddle, kDense}}},
      {"H2",
       kDiffers,
       kLoss,
       {{kProgressive, kReverse},
        {kMiddle, kLikeMiddle},
        {kToSparse, kUniform},
        {kMiddle, kUniform},
        {kProgressive, kUniform}}},
      {"all pairs", kSame, kLoss, AllPairs(Sparse())},
      {"Q1", kDiffers, kLoss, {{kDense, kUniform}, {kMiddle, kUniform}}},
      {"Q1, early positions", kDiffers, Measure::kEarly, {{kDense, kUniform}}},
      {"Q1, late positions", kDiffers, Measure::kLate, {{kDense, kUniform}}},
      {"Q2", kDiffers, kLoss, {{kMiddle, kEarlySparse}, {kMiddle, kLateSparse}}},
      {"Q2, against uniform", kNotWorse, kLoss, {{kMiddle, kUniform}}},
      {"Q3", kDiffers, kLoss, PositionPairs()},
      {"Q4", kDiffers, kLoss, EachAgainst(varied, kUniform)},
      {"Q4, equal budget",
       kDiffers,
       kLoss,
       {{kToSparse, kLikeToSparse}, {kMiddle, kLikeMiddle}, {kProgressive, kLikeProgressive}}},
      {"success, loss", kDiffers, kLoss, OwnBudgetPairs()},
      {"success, loss against dense", kNotWorse, kLoss, EachAgainst(candidates, kDense)},
      {"success, recall", kDiffers, Measure::kRecallTask, OwnBudgetPairs()},
      {"success, recall against dense", kNotWorse, Measure::kRecallTask, EachAgainst(candidates, kDense)},
      {"step time", kSame, Measure::kStepTime, EachAgainst(Sparse(), kDense)},
      {"reverse wins", kDiffers, kLoss, Against(kReverse, {kUniform, kToSparse, kMiddle, kProgressive})},
      {"uniform best", kDiffers, kLoss, Against(kUniform, {kToSparse, kMiddle, kProgressive, kReverse})},
      {"speed, loss", kNotWorse, kLoss, EachAgainst(Sparse(), kDense)},
      {"speed", kDiffers, Measure::kStepTime, EachAgainst(Sparse(), kDense)},
  };
}

void AddPrimaryClaims(std::vector<ClaimRow>* claims) {
  struct Words {
    std::string_view id, everywhere, title, question;
  };
  const std::vector<Words> rows = {
      {"primary-am-mu", "primary-all-am-mu", "Aggressive middle beats uniform of its own budget",
       "Is a sparse middle worth more than the same budget spread evenly?"},
      {"primary-prog-rev", "primary-all-prog-rev", "Progressive beats reverse progressive",
       "At the same budget, does it matter which end is dense?"},
      {"primary-prog-mu", "primary-all-prog-mu", "Progressive beats uniform of its own budget",
       "Is a dense start worth more than the same budget spread evenly?"},
      {"primary-am-uni", "primary-all-am-uni", "Aggressive middle beats uniform",
       "Does a sparse middle beat the uniform schedule?"},
      {"primary-prog-uni", "primary-all-prog-uni", "Progressive beats uniform",
       "Does a dense start beat the uniform schedule?"},
  };
  for (size_t i = 0; i < rows.size(); ++i)
    claims->push_back({rows[i].id, rows[i].title, rows[i].question, Rule::kFirst, {{"primary", i, 1}}, {}});
  for (size_t i = 0; i < rows.size(); ++i) {
    ClaimRow row{rows[i].everywhere, rows[i].title, rows[i].question, Rule::kAll, {{"primary, all lengths", i, 1}}, {}};
    row.jointly = true;
    claims->push_back(row);
  }
}

std::vector<ClaimRow> ExperimentClaims() {
  std::vector<ClaimRow> claims;
  AddPrimaryClaims(&claims);
  const std::vector<ClaimRow> rest = {
      {"H1", "Aggressive middle is best", "Does it beat each of the other sparse schedules?", Rule::kAll, {{"H1"}}, {}},
      {"H1a",
       "Aggressive middle recovers the loss of uniform",
       "Which share of what uniform loses against dense at 1024 does it win back?",
       Rule::kRecovered,
       {{"H1a"}},
       {1024}},
      {"H1b",
       "Aggressive middle matches or beats uniform on short windows",
       "Is it not worse by the margin at 64 and at 256?",
       Rule::kAll,
       {{"H1b"}},
       {64, 256},
       true},
      {"H1c",
       "Aggressive middle approaches dense",
       "Is it not worse than dense by the margin at 1024?",
       Rule::kFirst,
       {{"H1c"}},
       {1024}},
      {"H2",
       "Position matters",
       "Does it matter, at the same budget, which layers are sparse? (am - uniform alone is confounded with budget)",
       Rule::kAll,
       {{"H2"}},
       {1024},
       false,
       2},
      {"H3-spread",
       "The schedules differ more on long windows",
       "Is the spread of the sparse schedules larger at 1024 than at 64?",
       Rule::kSpread,
       {{"all pairs"}},
       {64, 1024},
       true},
      {"H3-similar",
       "The schedules are alike on short windows",
       "Are all pairs of sparse schedules equivalent at 64?",
       Rule::kAllSimilar,
       {{"all pairs"}},
       {64}},
      {"Q1",
       "Uniform fails on long windows",
       "Does uniform lose against dense at 1024, and at which positions?",
       Rule::kPremise,
       {{"Q1"}, {"Q1, early positions"}, {"Q1, late positions"}},
       {1024}},
      {"Q2",
       "Middle layers are redundant",
       "At the same budget, is the middle the third that is best made sparse?",
       Rule::kAll,
       {{"Q2"}, {"Q2, against uniform"}},
       {},
       false,
       2},
      {"Q3",
       "Layer position matters",
       "Does progressive beat its reverse, and the other orders of its thirds?",
       Rule::kFirst,
       {{"Q3"}},
       {}},
      {"Q4",
       "A schedule beats uniform",
       "Does one do so at 1024, and also at equal budget?",
       Rule::kBeyondBudget,
       {{"Q4"}, {"Q4, equal budget"}},
       {1024}},
      {"success",
       "PLASA succeeds",
       "Does a schedule beat uniform of its budget and keep up with dense, in held-out loss and in recall (MQAR)?",
       Rule::kAnyRow,
       {{"success, loss"}, {"success, loss against dense"}, {"success, recall"}, {"success, recall against dense"}},
       {}},
      {"checklist-1",
       "Aggressive middle beats uniform on long windows",
       "Success checklist 1",
       Rule::kFirst,
       {{"primary", 3, 1}},
       {1024}},
      {"checklist-2", "Progressive beats reverse", "Success checklist 2", Rule::kFirst, {{"primary", 1, 1}}, {1024}},
      {"checklist-3",
       "A schedule beats uniform",
       "Success checklist 3",
       Rule::kBeyondBudget,
       {{"Q4"}, {"Q4, equal budget"}},
       {1024}},
      {"checklist-4",
       "Step time is similar to dense",
       "Success checklist 4: is the step time of each sparse schedule within 10 % of dense?",
       Rule::kAllSimilar,
       {{"step time"}},
       {}},
      {"checklist-5",
       "Sparsity is what the schedule says",
       "Success checklist 5: does every layer select exactly the pairs of its k?",
       Rule::kExact,
       {},
       {},
       true},
      {"failure-similar",
       "Failure: all schedules are similar",
       "Are all pairs of sparse schedules equivalent?",
       Rule::kAllSimilar,
       {{"all pairs"}},
       {}},
      {"failure-reverse",
       "Failure: reverse wins",
       "Does reverse progressive beat each of the others?",
       Rule::kAll,
       {{"reverse wins"}},
       {}},
      {"failure-uniform",
       "Failure: uniform is best",
       "Does uniform beat each of the others?",
       Rule::kAll,
       {{"uniform best"}},
       {}},
      {"speed",
       "Sparse steps are faster at equal loss",
       "Is a sparse schedule faster than dense and not worse?",
       Rule::kNoSlower,
       {{"speed, loss"}, {"speed"}},
       {}},
  };
  claims.insert(claims.end(), rest.begin(), rest.end());
  return claims;
}

}  // namespace

ContrastSet ExperimentSet() { return {"exp3", ExperimentFamilies(), ExperimentClaims()}; }

}  // namespace plasa::analysis
