#include "common/base/philox_blocks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "common/base/philox.h"

namespace plasa {
namespace {

void PlainBlocks(const PhiloxCounters& c, std::array<uint32_t, 2> key, uint32_t* out) {
  for (size_t i = 0; i < kPhiloxBlocks; ++i) {
    const uint64_t block = c.first + c.block[i];
    const auto words =
        Philox4x32({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32) | c.c1_high, c.c2, c.c3}, key);
    for (size_t j = 0; j < 4; ++j) out[4 * i + j] = words[j];
  }
}

#if defined(__x86_64__)

constexpr uint32_t kMultiplier0 = 0xD2511F53u, kMultiplier1 = 0xCD9E8D57u;
constexpr uint32_t kWeyl0 = 0x9E3779B9u, kWeyl1 = 0xBB67AE85u;

// A word lies in the low half of a 64-bit lane. The high half holds rubbish, which the multiplication does not look at,
// so that the low word of a product needs no mask and its high word only a shift.

__attribute__((target("avx512f"))) void BlocksAvx512(const PhiloxCounters& c, std::array<uint32_t, 2> key,
                                                     uint32_t* out) {
  constexpr size_t kGroups = kPhiloxBlocks / 8;
  const __m512i m0 = _mm512_set1_epi64(kMultiplier0), m1 = _mm512_set1_epi64(kMultiplier1);
  __m512i x0[kGroups], x1[kGroups], x2[kGroups], x3[kGroups];
  for (size_t g = 0; g < kGroups; ++g) {
    x0[g] = _mm512_add_epi64(_mm512_set1_epi64(static_cast<int64_t>(c.first)), _mm512_loadu_si512(c.block + 8 * g));
    x1[g] = _mm512_or_si512(_mm512_srli_epi64(x0[g], 32), _mm512_set1_epi64(c.c1_high));
    x2[g] = _mm512_set1_epi64(c.c2);
    x3[g] = _mm512_set1_epi64(c.c3);
  }
  for (int round = 0; round < 10; ++round) {
    const __m512i k0 = _mm512_set1_epi64(key[0]), k1 = _mm512_set1_epi64(key[1]);
    for (size_t g = 0; g < kGroups; ++g) {
      const __m512i a = _mm512_mul_epu32(x0[g], m0), b = _mm512_mul_epu32(x2[g], m1);
      x0[g] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(b, 32), x1[g], k0, 0x96);  // exclusive or of three
      x1[g] = b;
      x2[g] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(a, 32), x3[g], k1, 0x96);
      x3[g] = a;
    }
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  const __m512i low = _mm512_set1_epi64(0xFFFFFFFF);
  const __m512i first = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0),
                second = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
  for (size_t g = 0; g < kGroups; ++g) {
    const __m512i x01 = _mm512_or_si512(_mm512_and_si512(x0[g], low), _mm512_slli_epi64(x1[g], 32));
    const __m512i x23 = _mm512_or_si512(_mm512_and_si512(x2[g], low), _mm512_slli_epi64(x3[g], 32));
    _mm512_storeu_si512(out + 32 * g, _mm512_permutex2var_epi64(x01, first, x23));
    _mm512_storeu_si512(out + 32 * g + 16, _mm512_permutex2var_epi64(x01, second, x23));
  }
}

__attribute__((target("avx2"))) void BlocksAvx2(const PhiloxCounters& c, std::array<uint32_t, 2> key, uint32_t* out) {
  constexpr size_t kGroups = kPhiloxBlocks / 4;
  const __m256i m0 = _mm256_set1_epi64x(kMultiplier0), m1 = _mm256_set1_epi64x(kMultiplier1);
  __m256i x0[kGroups], x1[kGroups], x2[kGroups], x3[kGroups];
  for (size_t g = 0; g < kGroups; ++g) {
    x0[g] = _mm256_add_epi64(_mm256_set1_epi64x(static_cast<int64_t>(c.first)),
                             _mm256_loadu_si256(reinterpret_cast<const __m256i*>(c.block + 4 * g)));
    x1[g] = _mm256_or_si256(_mm256_srli_epi64(x0[g], 32), _mm256_set1_epi64x(c.c1_high));
    x2[g] = _mm256_set1_epi64x(c.c2);
    x3[g] = _mm256_set1_epi64x(c.c3);
  }
  for (int round = 0; round < 10; ++round) {
    const __m256i k0 = _mm256_set1_epi64x(key[0]), k1 = _mm256_set1_epi64x(key[1]);
    for (size_t g = 0; g < kGroups; ++g) {
      const __m256i a = _mm256_mul_epu32(x0[g], m0), b = _mm256_mul_epu32(x2[g], m1);
      x0[g] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), x1[g]), k0);
      x1[g] = b;
      x2[g] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), x3[g]), k1);
      x3[g] = a;
    }
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  const __m256i low = _mm256_set1_epi64x(0xFFFFFFFF);
  for (size_t g = 0; g < kGroups; ++g) {
    const __m256i x01 = _mm256_or_si256(_mm256_and_si256(x0[g], low), _mm256_slli_epi64(x1[g], 32));
    const __m256i x23 = _mm256_or_si256(_mm256_and_si256(x2[g], low), _mm256_slli_epi64(x3[g], 32));
    const __m256i even = _mm256_unpacklo_epi64(x01, x23),
                  odd = _mm256_unpackhi_epi64(x01, x23);  // blocks 0 and 2, 1 and 3
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16 * g), _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16 * g + 8), _mm256_permute2x128_si256(even, odd, 0x31));
  }
}

#endif

}  // namespace

std::array<PhiloxBlocksFunction, 3> AllPhiloxBlocks() {
  std::array<PhiloxBlocksFunction, 3> all = {PlainBlocks, PlainBlocks, PlainBlocks};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) all[1] = BlocksAvx2;
  if (__builtin_cpu_supports("avx512f")) all[2] = BlocksAvx512;
#endif
  return all;
}

PhiloxBlocksFunction PhiloxBlocks() {
  const auto all = AllPhiloxBlocks();
  return all[2] != all[0] ? all[2] : all[1];
}

}  // namespace plasa
