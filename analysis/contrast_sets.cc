#include "analysis/contrast_sets.h"

#include <algorithm>

#include "analysis/experiment_set.h"

namespace plasa::analysis {
namespace {

constexpr std::string_view kDense = "dense_baseline", kUniform = "uniform_sparse", kProgressive = "progressive_sparse",
                           kLikeProgressive = "matched_uniform, schedule_match=progressive_sparse";

constexpr auto kLoss = Measure::kObjective;
constexpr auto kDiffers = TestKind::kDifference;
constexpr auto kNotWorse = TestKind::kNonInferiority;

// Uniform sparse against dense: the questions of the two experiments before.
ContrastSet DenseOrUniform(std::string_view name) {
  return {name,
          {{"loss", kDiffers, kLoss, {{kUniform, kDense}}},
           {"loss, not worse", kNotWorse, kLoss, {{kUniform, kDense}}},
           {"speed", kDiffers, Measure::kStepTime, {{kUniform, kDense}}}},
          {{"better",
            "Uniform sparse attention is better than dense",
            "Does leaving out half of the keys lower the held-out loss?",
            Rule::kFirst,
            {{"loss"}},
            {}},
           {"not-worse",
            "Uniform sparse attention is not worse than dense",
            "Is it not worse by the margin?",
            Rule::kFirst,
            {{"loss, not worse"}},
            {}},
           {"speed",
            "Uniform sparse steps are faster at equal loss",
            "Is it faster than dense and not worse?",
            Rule::kNoSlower,
            {{"loss, not worse"}, {"speed"}},
            {}}}};
}

// A fixed budget of steps; score = 1 / perplexity grows as the loss falls.
ContrastSet Benchmark() {
  return {
      "plasa-benchmark",
      {{"score", kDiffers, kLoss, {{kProgressive, kDense}, {kProgressive, kUniform}, {kProgressive, kLikeProgressive}}},
       {"score, not worse", kNotWorse, kLoss, {{kProgressive, kDense}}}},
      {{"score",
        "Progressive has the best score",
        "Does it beat dense, uniform and uniform of its own budget?",
        Rule::kAll,
        {{"score"}},
        {}},
       {"not-worse",
        "Progressive keeps the score of dense",
        "Is it not worse than dense by the margin?",
        Rule::kFirst,
        {{"score, not worse"}},
        {}}}};
}

}  // namespace

const ContrastSet* FindContrastSet(std::string_view name) {
  static const std::vector<ContrastSet> sets = {DenseOrUniform("exp1"), DenseOrUniform("exp2"), ExperimentSet(),
                                                Benchmark()};
  const auto found = std::find_if(sets.begin(), sets.end(), [name](const auto& set) { return set.name == name; });
  return found == sets.end() ? nullptr : &*found;
}

}  // namespace plasa::analysis
