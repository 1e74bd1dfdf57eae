#include "common/sweep/rungs.h"

#include <algorithm>
#include <cmath>

namespace plasa {
namespace {

constexpr double kLastRung = 1e9;   // no trial reports more
constexpr double kRounding = 1e-9;  // 9 / 3 is 3, whatever the division says

double NumberOf(const Value::Object& keys, const char* key) { return keys.at(key).Number(); }

std::vector<int64_t> Upwards(double min_iter, double eta) {
  std::vector<int64_t> rungs;
  for (double rung = min_iter; rung <= kLastRung; rung *= eta) {
    const auto whole = static_cast<int64_t>(rung);
    if (rungs.empty() || whole > rungs.back()) rungs.push_back(whole);
  }
  return rungs;
}

std::vector<int64_t> Downwards(double max_iter, double eta, double s) {
  std::vector<int64_t> rungs;
  double rung = max_iter / eta;
  for (double left = s; left >= 1 && rung >= 1; --left, rung /= eta) {
    const auto whole = static_cast<int64_t>(std::min(rung, kLastRung));
    if (rungs.empty() || whole < rungs.back()) rungs.push_back(whole);
  }
  std::reverse(rungs.begin(), rungs.end());
  return rungs;
}

}  // namespace

int64_t RungPlan::Survivors(int64_t cells) const {
  return std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(cells) / eta + kRounding));
}

Result<RungPlan> RungsOf(const Value& early_terminate) {
  const auto& keys = early_terminate.As<Value::Object>();
  RungPlan plan;
  plan.eta = NumberOf(keys, "eta");
  plan.strict = keys.at("strict").As<bool>();
  const bool downwards = keys.contains("max_iter") && keys.contains("s");
  plan.rungs = downwards ? Downwards(NumberOf(keys, "max_iter"), plan.eta, NumberOf(keys, "s"))
                         : Upwards(NumberOf(keys, "min_iter"), plan.eta);
  if (!plan.rungs.empty()) return plan;
  return Error{"there is no rung: s is below 1, or max_iter / eta is", "early_terminate",
               "a larger max_iter, or min_iter: 3"};
}

}  // namespace plasa
