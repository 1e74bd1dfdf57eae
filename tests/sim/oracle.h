// What every trial of a simulation must compute, known beforehand: a chain of hashes from its id.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plasa::sim {

class Oracle {
 public:
  // Steps of a whole run.
  [[nodiscard]] static int64_t StepsOf(const std::string& trial);
  // The trainer's state after `step` steps, from the state one step before; Begin for step 0.
  [[nodiscard]] static uint64_t Begin(const std::string& trial);
  [[nodiscard]] static uint64_t Next(uint64_t state, int64_t step);
  // The metric a state shows: a whole number, which any parser reads exactly.
  [[nodiscard]] static double LossOf(uint64_t state) { return static_cast<double>(state >> 40); }

  [[nodiscard]] uint64_t StateAt(const std::string& trial, int64_t step);

 private:
  std::map<std::string, std::vector<uint64_t>> chains_;
};

}  // namespace plasa::sim
