#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "sweep_text.h"

namespace plasa {
namespace {

constexpr int kDraws = 4000;

// Values of the parameter `x`.
std::vector<double> Drawn(const std::string& parameter, int count = kDraws) {
  const auto cells = ExpandCells(
      Parsed(Random("x: " + parameter + ", id: {min: 0, max: 1000000000}", "run_cap: " + std::to_string(count))));
  std::vector<double> values;
  for (const auto& cell : *cells) values.push_back(cell.at("x").Number());
  return values;
}

// Largest distance between the sample and a distribution function, times the square root of the sample's size.
// Above 2.2 one sample in 10,000; the draws are the same in every run.
double Distance(std::vector<double> values, const std::function<double(double)>& cdf) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double largest = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double f = cdf(values[i]);
    largest = std::max({largest, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return largest * std::sqrt(n);
}

double NormalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

TEST(Random, DrawsFollowTheirDistribution) {
  EXPECT_LT(Distance(Drawn("{min: 2.0, max: 4.0}"), [](double x) { return (x - 2) / 2; }), 2.2);
  EXPECT_LT(Distance(Drawn("{distribution: log_uniform_values, min: 1e-5, max: 1e-2}"),
                     [](double x) { return std::log(x / 1e-5) / std::log(1e3); }),
            2.2);
  EXPECT_LT(
      Distance(Drawn("{distribution: log_uniform, min: -3, max: 1}"), [](double x) { return (std::log(x) + 3) / 4; }),
      2.2);
  EXPECT_LT(Distance(Drawn("{distribution: inv_log_uniform, min: -3, max: 1}"),
                     [](double x) { return (std::log(x) + 1) / 4; }),
            2.2);
  EXPECT_LT(Distance(Drawn("{distribution: normal, mu: 1, sigma: 3}"), [](double x) { return NormalCdf((x - 1) / 3); }),
            2.2);
  EXPECT_LT(
      Distance(Drawn("{distribution: log_normal, sigma: 0.5}"), [](double x) { return NormalCdf(std::log(x) / 0.5); }),
      2.2);
  EXPECT_LT(Distance(Drawn("{distribution: beta, a: 2, b: 1}"), [](double x) { return x * x; }), 2.2);
  EXPECT_LT(Distance(Drawn("{distribution: beta, a: 1, b: 3}"), [](double x) { return 1 - std::pow(1 - x, 3); }), 2.2);
  EXPECT_LT(Distance(Drawn("{distribution: beta, a: 0.5, b: 0.5}"),
                     [](double x) { return std::asin(std::sqrt(x)) / std::asin(1.0); }),
            2.2);
}

TEST(Random, WholeNumbersAndCategoriesAreEvenOrWeighted) {
  std::map<double, int> counts;
  for (const double x : Drawn("{min: 1, max: 4}")) ++counts[x];
  ASSERT_EQ(counts.size(), 4u);
  for (const auto& [value, count] : counts) EXPECT_NEAR(count, 1000, 110) << value;
  counts.clear();
  for (const double x : Drawn("{values: [1, 2, 3], probabilities: [0.9, 0, 0.1]}")) ++counts[x];
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_NEAR(counts[3], 400, 80);
}

TEST(Random, QuantisedDrawsAreMultiples) {
  for (const char* kind : {"q_uniform, min: 3, max: 40", "q_log_uniform_values, min: 8, max: 256",
                           "q_normal, sigma: 30", "q_beta, a: 1"}) {
    for (const double x : Drawn(std::string("{distribution: ") + kind + ", q: 4}", 200))
      EXPECT_EQ(std::fmod(x, 4), 0) << kind;
  }
}

TEST(Random, ALargerCapAddsCellsAndAnotherParameterChangesNone) {
  const auto few = *ExpandCells(Parsed(Random("x: {min: 0.0, max: 1.0}", "run_cap: 5")));
  const auto many = *ExpandCells(Parsed(Random("x: {min: 0.0, max: 1.0}, y: {min: 0.0, max: 1.0}", "run_cap: 50")));
  ASSERT_EQ(many.size(), 50u);
  for (size_t i = 0; i < few.size(); ++i) EXPECT_EQ(few[i].at("x"), many[i].at("x"));
  EXPECT_FALSE(many[0].at("x") == many[0].at("y"));
}

TEST(Random, CellsAreDifferentAndASmallSpaceIsUsedUp) {
  const auto cells = *ExpandCells(Parsed(Random("x: {values: [1, 2]}, y: {values: [a, b]}", "run_cap: 40")));
  EXPECT_EQ(cells.size(), 4u);
}

TEST(Random, ZipAndExcludeHold) {
  const SweepSpec spec = Parsed(Random("x: {values: [1, 2, 3]}, y: {values: [10, 20, 30]}, z: {min: 0, max: 99}",
                                       "run_cap: 60\nplasa: {zip: [x, y], exclude: [{x: 2}]}"));
  const auto cells = *ExpandCells(spec);
  EXPECT_EQ(cells.size(), 60u);
  for (const auto& cell : cells) {
    EXPECT_EQ(cell.at("y").Number(), 10 * cell.at("x").Number());
    EXPECT_NE(cell.at("x").Number(), 2);
  }
}

}  // namespace
}  // namespace plasa
