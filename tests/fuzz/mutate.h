// Damage done to the bytes of a file.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace plasa::fuzz {

// Makes inputs from seeds. Equal (seed, run) give equal inputs, whatever was asked for before.
class Mutator {
 public:
  // Precondition: `seeds` is not empty.
  Mutator(std::vector<std::string> seeds, uint64_t seed) : seeds_(std::move(seeds)), seed_(seed) {}

  // The input of a run: one of the seeds with one to eight changes; the first runs are the seeds themselves.
  [[nodiscard]] std::string Input(uint64_t run);

 private:
  [[nodiscard]] size_t Below(size_t n) { return n == 0 ? 0 : random_() % n; }
  [[nodiscard]] const std::string& AnySeed() { return seeds_[Below(seeds_.size())]; }
  void Change(std::string* input);

  void FlipBits(std::string* input);
  void Cut(std::string* input);
  void Splice(std::string* input);
  void RepeatChunk(std::string* input);
  void WriteEdgeInteger(std::string* input);
  void ReplaceNumeral(std::string* input, const std::string& value);
  void WriteEdgeNumeral(std::string* input);
  void ReplaceWord(std::string* input);
  void Nest(std::string* input);

  const std::vector<std::string> seeds_;
  const uint64_t seed_;
  std::mt19937_64 random_;
};

}  // namespace plasa::fuzz
