// Checks that the code at hand, on this machine, keeps the promises of a strict run (spec 13.2).
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace plasa::trainer {

// Outcome of one audit, as it is told to the user and kept with the result.
struct AuditResult {
  int number = 0;    // of the specification's table
  std::string name;  // tells apart what one number promises
  bool passed = false;
  double figure = 0;    // what was measured; most audits pass at 0
  std::string message;  // one sentence
};

// The larger figure; NaN if either is, so that it fails its bound.
[[nodiscard]] inline double Worse(double a, double b) { return a > b || std::isnan(a) ? a : b; }

// An audit that counts what must not be there.
[[nodiscard]] inline AuditResult NoneOf(int number, std::string name, int64_t found, std::string message) {
  return {number, std::move(name), found == 0, static_cast<double>(found), std::move(message)};
}

// An audit whose figure must not exceed a bound; NaN fails.
[[nodiscard]] inline AuditResult AtMost(int number, std::string name, double figure, double bound,
                                        std::string message) {
  return {number, std::move(name), figure <= bound, figure, std::move(message)};
}

}  // namespace plasa::trainer
