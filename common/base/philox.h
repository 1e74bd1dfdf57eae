// Counter-based randomness: every word is a function of (seed, purpose, step, layer, element), so nothing keeps state
// and results do not depend on threads, micro-batches, evaluation or resumption. Bit-identical on every machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace plasa {

// What a stream of words is for. The numbers are part of the results: never renumber.
enum class Purpose : uint32_t {
  kInit = 1,
  kOrder = 2,
  kDropAttention = 3,
  kDropResidualAttention = 4,
  kDropResidualFeedForward = 5,
  kDropExpert = 6,
  kNoise = 7,
  kSplit = 8,
  kSelectTrain = 9,
  kSelectEval = 10,
  kBootstrap = 11,
  kReferenceSplit = 12,
  kFlip = 13,
  kMqar = 16,
  kCopy = 17,
  kInduction = 18,
  kNeedle = 19,
  kMarkov = 20,
  kCanary = 21,
  kAudit = 22,
};

// One block of Philox4x32-10.
[[nodiscard]] std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

// Where a stream of words lies. Precondition: layer < 2^16.
struct Stream {
  uint64_t seed = 0;
  Purpose purpose = Purpose::kAudit;
  uint32_t step = 0;
  uint32_t layer = 0;
};

// The word of `element`. Precondition: element < 2^50.
[[nodiscard]] uint32_t Word(const Stream& stream, uint64_t element);
[[nodiscard]] inline uint32_t Word(uint64_t seed, Purpose purpose, uint32_t step, uint32_t layer, uint64_t element) {
  return Word(Stream{seed, purpose, step, layer}, element);
}

// The words of elements first .. first+count-1, vectorised.
void Words(const Stream& stream, uint64_t first, size_t count, uint32_t* out);

// `scale` where the element is kept, 0 where it is dropped; drops with probability threshold / 2^24.
void KeepMask(const Stream& stream, uint64_t first, size_t count, uint32_t threshold, float scale, float* out);
void KeepMask(const Stream& stream, uint64_t first, size_t count, uint32_t threshold, double scale, double* out);
// The same for elements first + offsets[i], offsets >= 0.
void KeepMaskAt(const Stream& stream, uint64_t first, const int32_t* offsets, size_t count, uint32_t threshold,
                float scale, float* out);
void KeepMaskAt(const Stream& stream, uint64_t first, const int32_t* offsets, size_t count, uint32_t threshold,
                double scale, double* out);

// Uniform in [0,1), a multiple of 2^-24.
[[nodiscard]] inline double Uniform(uint32_t word) { return static_cast<double>(word >> 8) * 0x1p-24; }
// Integer in [0, n): floor(word * n / 2^32).
[[nodiscard]] inline uint64_t Below(uint32_t word, uint64_t n) { return (static_cast<uint64_t>(word) * n) >> 32; }
// Threshold of a dropout probability: floor(p * 2^24 + 0.5).
[[nodiscard]] uint32_t DropThreshold(double p);

// Natural logarithm by IEEE + - * / only. Precondition: x > 0, finite.
[[nodiscard]] double DeterministicLn(double x);
// Quantile of the standard normal distribution (algorithm AS 241). Precondition: 0 < p < 1.
[[nodiscard]] double NormalQuantile(double p);
// Standard normal value of a word.
[[nodiscard]] double Normal(uint32_t word);

// Sequential draws of a generator: the words of elements 0, 1, 2, ... Not thread-safe.
class Draws {
 public:
  explicit Draws(const Stream& stream) : stream_(stream) {}
  [[nodiscard]] uint32_t Next();
  [[nodiscard]] uint64_t NextBelow(uint64_t n) { return Below(Next(), n); }
  // `count` distinct items, partial Fisher-Yates from the left. Precondition: count <= items.size().
  [[nodiscard]] std::vector<int64_t> Choose(std::vector<int64_t> items, size_t count);
  // `count` indices drawn without replacement with these weights.
  [[nodiscard]] std::vector<size_t> Weighted(std::vector<uint64_t> weights, size_t count);

 private:
  Stream stream_;
  uint64_t position_ = 0;
  std::vector<uint32_t> buffer_;
};

}  // namespace plasa
