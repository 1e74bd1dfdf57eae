// The named sets of contrasts, as data: which families are judged, and which claims rest on them (spec 14).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/verdict.h"

namespace plasa::analysis {

// What a family's contrasts are about.
enum class Measure {
  kObjective,   // the sweep's metric
  kStepTime,    // ln of the median step time; its margin is ln 1.10
  kRecallTask,  // accuracy on the recall task, of trials with the same configuration on the data {task: mqar}
  kEarly,       // loss at the positions below L/2
  kLate,        // and from there on
};

// Sides of contrasts are labels: "progressive_sparse", "matched_uniform, schedule_match=aggressive_middle",
// "aggressive_middle, schedule_perm=MEL". Cells are found by what these make of the configuration, not by their text.
struct Pair {
  std::string_view a, b;
};

// Contrasts that are adjusted together.
struct FamilyRow {
  std::string_view name;
  TestKind test;
  Measure measure;
  std::vector<Pair> pairs;
  bool across_lengths = false;  // one family over all lengths in place of one a length
};

// What decides a claim. Its parts are in the order of ClaimRow.
enum class Rule {
  kFirst,         // the first contrast; the others are reported
  kAll,           // supported iff all are, contradicted iff one is, else the weakest
  kAllSimilar,    // supported iff all are equivalent, contradicted iff two differ, else the weakest
  kRecovered,     // first: dense - uniform, second: x - uniform; the share of the loss that x recovers
  kPremise,       // the first must be supported, else "premise not reproduced"
  kBeyondBudget,  // first half against uniform, second half against the matched: any of both, "budget effect", or none
  kAnyRow,        // the contrasts stand row by row, a schedule a row (parts are columns): supported iff a row is
  kNoSlower,      // as kAnyRow, the last column an interval of a log ratio below 0, else "no speedup"
  kSpread,        // largest - smallest loss a seed, of the sides of the first part: growth from 64 to 1024
  kExact,         // every sparse layer selected as many pairs as its k says
};

// Contrasts `first` .. `first + count - 1` of a family; count 0: to its end.
struct Part {
  std::string_view family;
  size_t first = 0, count = 0;
};

struct ClaimRow {
  std::string_view id, title, question;
  Rule rule;
  std::vector<Part> parts;
  std::vector<int64_t> lengths;  // at which it is asked; empty: at each length of the sweep
  bool jointly = false;          // one claim over its lengths in place of one a length
  size_t decisive = 0;           // so many contrasts decide, the others are reported; 0: all
};

struct ContrastSet {
  std::string_view name;
  std::vector<FamilyRow> families;
  std::vector<ClaimRow> claims;
};

// nullptr where there is no such set; there is one for each of ContrastSetNames().
[[nodiscard]] const ContrastSet* FindContrastSet(std::string_view name);

}  // namespace plasa::analysis
