#include "trainer/data/split_audit.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace plasa::trainer {
namespace {

constexpr uint64_t kGram = 32;
constexpr uint64_t kBase = 0x9E3779B97F4A7C15u;    // odd, so that no token is lost modulo 2^64
constexpr uint64_t kLookedAt = uint64_t{1} << 24;  // tokens of a stream: an audit at the start has 2 s
constexpr size_t kFilterBits = size_t{1} << 21;

uint64_t Mix(uint64_t x) { return (x ^ (x >> 31)) * 0xD6E8FEB86659FD93u; }

// Calls visit(position, hash) for each 32-gram of the stream.
template <class Visit>
void ForEachGram(const TokenStream& stream, Visit visit) {
  const uint64_t size = std::min(stream.size(), kLookedAt);
  std::vector<int32_t> ids(size), docs(size);
  stream.Read(0, ids, docs);
  uint64_t leaving = 1;
  for (uint64_t i = 0; i < kGram; ++i) leaving *= kBase;
  uint64_t hash = 0;
  for (uint64_t i = 0; i < ids.size(); ++i) {
    hash = hash * kBase + static_cast<uint64_t>(ids[i]) + 1;
    if (i >= kGram) hash -= leaving * (static_cast<uint64_t>(ids[i - kGram]) + 1);
    if (i + 1 >= kGram) visit(i + 1 - kGram, hash);
  }
}

}  // namespace

double NgramOverlap(const TokenStream& train, const TokenStream& validation) {
  std::vector<bool> filter(kFilterBits);  // spares most look-ups
  std::unordered_set<uint64_t> sampled, found;
  ForEachGram(validation, [&](uint64_t at, uint64_t hash) {
    if (at % kGram != 0) return;
    sampled.insert(hash);
    filter[Mix(hash) % kFilterBits] = true;
  });
  if (sampled.empty()) return 0;
  ForEachGram(train, [&](uint64_t, uint64_t hash) {
    if (filter[Mix(hash) % kFilterBits] && sampled.count(hash) != 0) found.insert(hash);
  });
  return static_cast<double>(found.size()) / static_cast<double>(sampled.size());
}

}  // namespace plasa::trainer
