// Trials grouped into cells: label (schedule) × sequence length, with estimates over seeds.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/estimate.h"
#include "analysis/trial_record.h"

namespace plasa::analysis {

// One cell: every succeeded trial of one label at one length.
struct Cell {
  std::string label;
  int64_t seq_len = 0;
  bool valid = true;                                         // every trial in it is
  std::map<std::string, std::map<uint64_t, double>> values;  // metric → seed → final value
  std::set<std::string> sources;                             // cells of the sweep itself, as canonical JSON

  // The metric over the cell's seeds; n = 0 where it has none.
  [[nodiscard]] Estimate Of(const std::string& metric) const;
};

// All cells of a sweep. Immutable once built.
class Comparison {
 public:
  // Trials that did not succeed or were not admitted are left out, and those of seeds beyond `last_seed`.
  explicit Comparison(const std::vector<TrialRecord>& trials,
                      uint64_t last_seed = std::numeric_limits<uint64_t>::max());

  // Labels in the order the experiment names its schedules; others follow by name.
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
  [[nodiscard]] const std::vector<int64_t>& lengths() const { return lengths_; }  // ascending
  // nullptr where no trial of the cell counts.
  [[nodiscard]] const Cell* Find(const std::string& label, int64_t seq_len) const;
  [[nodiscard]] bool AllValid() const;
  // No trial of the cell counts, because it was stopped early.
  [[nodiscard]] bool IsPruned(const std::string& label, int64_t seq_len) const;

 private:
  std::map<std::pair<std::string, int64_t>, Cell> cells_;
  std::set<std::pair<std::string, int64_t>> pruned_;
  std::vector<std::string> labels_;
  std::vector<int64_t> lengths_;
};

// a - b for each seed that both cells have, by growing seed: the unit of every paired statistic.
[[nodiscard]] std::vector<double> PairedDeltas(const Cell& a, const Cell& b, const std::string& metric);

// 100 (baseline - x) / baseline by seed pairs, averaged: how many percent lower `cell` is. n = 0 where they share no
// seed.
[[nodiscard]] Estimate ImprovementPercent(const Cell& cell, const Cell& baseline, const std::string& metric);

}  // namespace plasa::analysis
