// A claim: what a sweep's results say to one question, in words that can be quoted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/verdict.h"

namespace plasa::analysis {

struct Claim {
  std::string id;  // with seq_len unique in a sweep
  std::string title;
  std::string question;
  Finding finding = Finding::kNotTestable;
  std::string verdict;   // words
  std::string sentence;  // title, verdict, and the figures of the contrast that decided
  std::optional<int64_t> seq_len;
  Estimate effect;                   // of that contrast; n = 0: there are no figures
  std::string effect_of;             // what it is the mean of, in words
  std::string unit;                  // with a leading space; empty: none
  size_t tests = 1;                  // that p_adjusted was adjusted over
  std::optional<double> p_adjusted;  // none where no test was made
  std::optional<size_t> run_more;
  std::vector<Verdict> contrasts;  // those it rests on, and those reported with it
};

// Everything a sweep's questions were answered with.
struct Answers {
  double margin = 0.02;
  double alpha = 0.05;
  std::vector<uint64_t> looks;  // of a sequential sweep, that were held: seeds each
  std::vector<Claim> claims;
  std::vector<Verdict> verdicts;  // every contrast of every family, once
};

}  // namespace plasa::analysis
