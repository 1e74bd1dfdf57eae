#include "trainer/attention/select_rows.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

PLASA_INLINE bool Order(const float* x, const uint8_t* allowed, int64_t n, uint32_t* keys) {
  uint32_t nan = 0;
  for (int64_t i = 0; i < n; ++i) {
    const float value = x[i] + 0.0f;
    const auto bits = std::bit_cast<uint32_t>(value);
    const uint32_t flip = static_cast<uint32_t>(static_cast<int32_t>(bits) >> 31) | 0x80000000u;
    keys[i] = bits ^ flip;
    nan |= (bits & 0x7fffffffu) > 0x7f800000u ? 1u : 0u;
  }
  if (allowed) {
    nan = 0;
    for (int64_t i = 0; i < n; ++i) {
      nan |= (allowed[i] != 0) & (x[i] != x[i]) ? 1u : 0u;
      keys[i] = allowed[i] ? keys[i] : 0;
    }
  }
  return nan == 0;
}

PLASA_INLINE bool Order(const double* x, const uint8_t* allowed, int64_t n, uint64_t* keys) {
  bool nan = false;
  for (int64_t i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<uint64_t>(x[i] + 0.0);
    const bool use = !allowed || allowed[i];
    nan |= use && x[i] != x[i];
    keys[i] = use ? bits ^ (static_cast<uint64_t>(static_cast<int64_t>(bits) >> 63) | 0x8000000000000000ull) : 0;
  }
  return !nan;
}

// Unsigned integers in the order of the scores; 0 is left for keys that are not allowed. Returns false on NaN.
template <class T>
bool OrderedKeys(const T* x, const uint8_t* allowed, int64_t n, OrderOf<T>* keys) {
  return ForThisCpu([=](auto) PLASA_LAMBDA { return Order(x, allowed, n, keys); });
}

template <class U>
int64_t CountAtLeast(const U* keys, int64_t n, U bound) {
  return ForThisCpu([=](auto) PLASA_LAMBDA {
    U count = 0;
    for (int64_t i = 0; i < n; ++i) count += keys[i] >= bound ? 1u : 0u;
    return static_cast<int64_t>(count);
  });
}

template <class U>
void MarkAtLeast(const U* keys, int64_t n, U bound, uint8_t* out) {
  ForThisCpu([=](auto) PLASA_LAMBDA {
    for (int64_t i = 0; i < n; ++i) out[i] = keys[i] >= bound ? 1 : 0;
  });
}

// Bisects the integers bit by bit for the largest bound that at least k keys reach, and stops early at exactly k.
template <class U>
void MarkBest(const U* keys, int64_t n, int64_t k, uint8_t* out) {
  U bound = 0;
  for (int bit = 8 * static_cast<int>(sizeof(U)) - 1; bit >= 0; --bit) {
    const U candidate = bound | (U{1} << bit);
    const int64_t count = CountAtLeast(keys, n, candidate);
    if (count >= k) bound = candidate;
    if (count == k) return MarkAtLeast(keys, n, bound, out);
  }
  if (bound == 0) return MarkAtLeast(keys, n, U{1}, out);  // fewer than k are allowed: all of them
  MarkAtLeast(keys, n, static_cast<U>(bound + 1), out);
  int64_t missing = k - std::count(out, out + n, uint8_t{1});
  for (int64_t i = 0; missing > 0; ++i) {
    if (keys[i] != bound) continue;
    out[i] = 1;
    --missing;
  }
}

template <class T, class U>
bool Select(const T* scores, const uint8_t* allowed, int64_t n, int64_t k, U* keys, uint8_t* out) {
  if (!OrderedKeys(scores, allowed, n, keys)) return false;
  if (k <= 0) {
    std::fill_n(out, n, uint8_t{0});
  } else if (k >= n) {
    MarkAtLeast(keys, n, U{1}, out);
  } else {
    MarkBest(keys, n, k, out);
  }
  return true;
}

}  // namespace

bool SelectRow(const float* scores, const uint8_t* allowed, int64_t n, int64_t k, uint32_t* scratch, uint8_t* out) {
  return Select(scores, allowed, n, k, scratch, out);
}

bool SelectRow(const double* scores, const uint8_t* allowed, int64_t n, int64_t k, uint64_t* scratch, uint8_t* out) {
  return Select(scores, allowed, n, k, scratch, out);
}

void SelectRowNthElement(const double* scores, int64_t n, int64_t k, uint8_t* out) {
  std::vector<std::pair<double, int64_t>> row(n);
  for (int64_t i = 0; i < n; ++i) row[i] = {scores[i], i};
  const auto greater = [](const auto& a, const auto& b) { return a.first > b.first; };
  if (64 * k <= n) {
    std::partial_sort(row.begin(), row.begin() + k, row.end(), greater);
  } else {
    std::nth_element(row.begin(), row.begin() + k - 1, row.end(), greater);
  }
  std::fill_n(out, n, uint8_t{0});
  for (int64_t i = 0; i < k; ++i) out[row[i].second] = 1;
}

}  // namespace plasa::trainer
