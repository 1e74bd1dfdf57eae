// Compiled with -ffp-contract=off: a fused multiply-add would change the last bit of the normal values.
#include "common/base/philox.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/base/philox_blocks.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define PLASA_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define PLASA_CLONES
#endif

namespace plasa {
namespace {

template <class T>
PLASA_CLONES void MaskOf(const uint32_t* words, size_t count, uint32_t threshold, T scale, T* out) {
  for (size_t i = 0; i < count; ++i) out[i] = (words[i] >> 8) < threshold ? T(0) : scale;
}

template <class T>
void FillMask(const Stream& s, uint64_t first, size_t count, uint32_t threshold, T scale, T* out) {
  constexpr size_t kChunk = 1024;
  uint32_t words[kChunk];
  for (size_t done = 0; done < count; done += kChunk) {
    const size_t n = std::min(kChunk, count - done);
    Words(s, first + done, n, words);
    MaskOf(words, n, threshold, scale, out + done);
  }
}

double Horner(const double (&c)[8], double x) {
  double r = c[7];
  for (int i = 6; i >= 0; --i) r = r * x + c[i];
  return r;
}

constexpr double kA[8] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                          1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                          3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr double kB[8] = {1.0,
                          4.2313330701600911252e1,
                          6.8718700749205790830e2,
                          5.3941960214247511077e3,
                          2.1213794301586595867e4,
                          3.9307895800092710610e4,
                          2.8729085735721942674e4,
                          5.2264952788528545610e3};
constexpr double kC[8] = {1.42343711074968357734,    4.63033784615654529590,   5.76949722146069140550,
                          3.64784832476320460504,    1.27045825245236838258,   2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr double kD[8] = {1.0,
                          2.05319162663775882187,
                          1.67638483018380384940,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
constexpr double kE[8] = {6.65790464350110377720,    5.46378491116411436990,    1.78482653991729133580,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr double kF[8] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};

constexpr size_t kWords = 4 * kPhiloxBlocks;
using BlockNumbers = std::array<uint64_t, kPhiloxBlocks>;

constexpr BlockNumbers kInARow = [] {
  BlockNumbers block{};
  std::iota(block.begin(), block.end(), 0);
  return block;
}();

PhiloxCounters CountersOf(const Stream& s, uint64_t first, const BlockNumbers& block) {
  return {first, block.data(), s.layer << 16, s.step, static_cast<uint32_t>(s.purpose)};
}

std::array<uint32_t, 2> KeyOf(const Stream& s) {
  return {static_cast<uint32_t>(s.seed), static_cast<uint32_t>(s.seed >> 32)};
}

// A block of four words for each element, of which one is used.
template <class T>
void FillMaskAt(const Stream& s, uint64_t first, const int32_t* offsets, size_t count, uint32_t threshold, T scale,
                T* out) {
  static const PhiloxBlocksFunction blocks = PhiloxBlocks();
  BlockNumbers block{};
  const PhiloxCounters counters = CountersOf(s, 0, block);
  uint32_t words[kWords];
  for (size_t done = 0; done < count; done += kPhiloxBlocks) {
    const size_t n = std::min(kPhiloxBlocks, count - done);
    for (size_t i = 0; i < n; ++i) block[i] = (first + static_cast<uint64_t>(offsets[done + i])) >> 2;
    blocks(counters, KeyOf(s), words);
    for (size_t i = 0; i < n; ++i) {
      const uint32_t word = words[4 * i + ((first + static_cast<uint64_t>(offsets[done + i])) & 3)];
      out[done + i] = word >> 8 < threshold ? T(0) : scale;
    }
  }
}

}  // namespace

std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> c, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53u} * c[0];
    const uint64_t b = uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<uint32_t>(b >> 32) ^ c[1] ^ key[0], static_cast<uint32_t>(b),
         static_cast<uint32_t>(a >> 32) ^ c[3] ^ key[1], static_cast<uint32_t>(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

uint32_t Word(const Stream& s, uint64_t element) {
  const uint64_t block = element >> 2;
  const auto out = Philox4x32({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32) | (s.layer << 16),
                               s.step, static_cast<uint32_t>(s.purpose)},
                              {static_cast<uint32_t>(s.seed), static_cast<uint32_t>(s.seed >> 32)});
  return out[element & 3];
}

void Words(const Stream& s, uint64_t first, size_t count, uint32_t* out) {
  static const PhiloxBlocksFunction blocks = PhiloxBlocks();
  PhiloxCounters counters = CountersOf(s, first >> 2, kInARow);
  size_t skip = first & 3;
  for (size_t done = 0; done < count; counters.first += kPhiloxBlocks) {
    const size_t n = std::min(kWords - skip, count - done);
    uint32_t words[kWords];
    const bool whole = n == kWords;
    blocks(counters, KeyOf(s), whole ? out + done : words);
    if (!whole) std::copy_n(words + skip, n, out + done);
    done += n;
    skip = 0;
  }
}

void KeepMaskAt(const Stream& s, uint64_t first, const int32_t* offsets, size_t count, uint32_t threshold, float scale,
                float* out) {
  FillMaskAt(s, first, offsets, count, threshold, scale, out);
}

void KeepMaskAt(const Stream& s, uint64_t first, const int32_t* offsets, size_t count, uint32_t threshold, double scale,
                double* out) {
  FillMaskAt(s, first, offsets, count, threshold, scale, out);
}

void KeepMask(const Stream& s, uint64_t first, size_t count, uint32_t threshold, float scale, float* out) {
  FillMask(s, first, count, threshold, scale, out);
}

void KeepMask(const Stream& s, uint64_t first, size_t count, uint32_t threshold, double scale, double* out) {
  FillMask(s, first, count, threshold, scale, out);
}

uint32_t DropThreshold(double p) { return static_cast<uint32_t>(std::floor(p * 0x1p24 + 0.5)); }

double DeterministicLn(double x) {
  int e = 0;
  double m = std::frexp(x, &e);
  if (m < 0.70710678118654752440) {
    m = m * 2.0;
    e = e - 1;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 21.0;
  for (int j = 9; j >= 0; --j) p = p * z + 1.0 / (2 * j + 1);
  return e * 0.693147180559945309417 + (2.0 * s) * p;
}

double NormalQuantile(double p) {
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * Horner(kA, r) / Horner(kB, r);
  }
  const double r = std::sqrt(-DeterministicLn(q < 0 ? p : 1.0 - p));
  const double z = r <= 5.0 ? Horner(kC, r - 1.6) / Horner(kD, r - 1.6) : Horner(kE, r - 5.0) / Horner(kF, r - 5.0);
  return q < 0 ? -z : z;
}

double Normal(uint32_t word) { return NormalQuantile((static_cast<double>(word) + 0.5) * 0x1p-32); }

uint32_t Draws::Next() {
  if (position_ >= buffer_.size()) {
    const size_t old = buffer_.size();
    buffer_.resize(old + std::max<size_t>(64, old));
    Words(stream_, old, buffer_.size() - old, buffer_.data() + old);
  }
  return buffer_[position_++];
}

std::vector<int64_t> Draws::Choose(std::vector<int64_t> items, size_t count) {
  for (size_t i = 0; i < count; ++i) std::swap(items[i], items[i + NextBelow(items.size() - i)]);
  items.resize(count);
  return items;
}

std::vector<size_t> Draws::Weighted(std::vector<uint64_t> weights, size_t count) {
  std::vector<size_t> picked;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t r = NextBelow(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
    uint64_t sum = weights[0];
    size_t j = 0;
    while (sum <= r) sum += weights[++j];
    picked.push_back(j);
    weights[j] = 0;
  }
  return picked;
}

}  // namespace plasa
