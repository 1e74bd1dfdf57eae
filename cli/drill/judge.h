// Whether a run under faults ended as the quiet one did. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plasa::cli {

// What a run left behind.
struct Outcome {
  struct Point {
    std::string name;
    int64_t step = 0;
    double value = 0;
  };
  struct Trial {
    std::string id;
    std::string state;  // "succeeded"
    bool admitted = false;
    uint32_t attempts = 0;
    uint32_t resumed = 0;       // attempts that went on from a checkpoint
    std::vector<Point> points;  // as the coordinator shows them, without measured times; sorted by name and step
  };

  std::string table;  // results.csv
  std::vector<Trial> trials;
};

// What differs. A point is one of (trial, name, step).
struct Judgement {
  uint64_t points = 0;   // of the quiet run
  uint64_t lost = 0;     // not there
  uint64_t doubled = 0;  // there twice, or in the quiet run not at all
  uint64_t changed = 0;  // there with another value
  bool table_equal = false;
  std::vector<std::string>
      sentences;  // one a difference: "trial 3f9c0a1b: 2 points lost, the first is val/loss at step 60"

  [[nodiscard]] bool equal() const { return sentences.empty(); }
};

[[nodiscard]] Judgement Judge(const Outcome& quiet, const Outcome& found);

}  // namespace plasa::cli
