#include "trainer/data/split.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/fnv.h"
#include "common/base/philox.h"
#include "trainer/data/order.h"

namespace plasa::trainer {
namespace {

uint32_t SplitWord(uint64_t split_seed, uint64_t hash) {
  return Philox4x32(
      {static_cast<uint32_t>(hash), static_cast<uint32_t>(hash >> 32), 0, static_cast<uint32_t>(Purpose::kSplit)},
      {static_cast<uint32_t>(split_seed), static_cast<uint32_t>(split_seed >> 32)})[0];
}

}  // namespace

uint64_t DocumentHash(const Tokens& tokens, uint64_t from, uint64_t to) {
  uint64_t hash = kFnv1a64Start;
  for (uint64_t i = from; i < to; ++i) {
    uint32_t word = tokens[i];
    for (int byte = 0; byte < 4; ++byte, word >>= 8) hash = (hash ^ (word & 0xFF)) * 0x100000001B3u;
  }
  return hash;
}

std::vector<bool> HeldOutDocuments(const Tokens& tokens, uint64_t split_seed, double fraction) {
  using Draw = std::pair<uint32_t, uint64_t>;  // (random word, hash): what decides
  const auto threshold = static_cast<uint64_t>(std::floor(fraction * 4294967296.0));
  std::vector<Draw> draws;
  for (uint64_t i = 0; i < tokens.documents(); ++i) {
    const uint64_t hash = DocumentHash(tokens, tokens.offsets()[i], tokens.offsets()[i + 1]);
    draws.emplace_back(SplitWord(split_seed, hash), hash);
  }
  std::vector<bool> held_out;
  for (const Draw& draw : draws) held_out.push_back(draw.first < threshold);
  if (draws.empty()) return held_out;
  const auto [least, most] = std::minmax_element(draws.begin(), draws.end());
  const auto is = [&](bool side) { return std::find(held_out.begin(), held_out.end(), side) != held_out.end(); };
  if (!is(true)) {
    for (size_t i = 0; i < draws.size(); ++i) held_out[i] = draws[i] == *least;
  }
  if (!is(false) && *least != *most) {
    for (size_t i = 0; i < draws.size(); ++i) held_out[i] = draws[i] != *most;
  }
  return held_out;
}

TokenStream::TokenStream(const Tokens& tokens, const std::vector<bool>& held_out, bool side) : tokens_(&tokens) {
  for (size_t i = 0; i < held_out.size(); ++i) {
    const uint64_t from = tokens.offsets()[i], to = tokens.offsets()[i + 1];
    if (held_out[i] != side || from == to) continue;
    origins_.push_back(from);
    starts_.push_back(starts_.back() + (to - from));
  }
}

void TokenStream::Read(uint64_t from, std::span<int32_t> out, std::span<int32_t> docs) const {
  auto document = static_cast<size_t>(std::upper_bound(starts_.begin(), starts_.end(), from) - starts_.begin()) - 1;
  for (size_t i = 0; i < out.size(); ++i) {
    while (from + i >= starts_[document + 1]) ++document;
    out[i] = static_cast<int32_t>((*tokens_)[origins_[document] + (from + i - starts_[document])]);
    docs[i] = static_cast<int32_t>(document);
  }
}

uint64_t SharedTokens(const TokenStream& a, const TokenStream& b) {
  uint64_t shared = 0;
  for (size_t i = 0; i < a.origins().size(); ++i) {
    if (std::binary_search(b.origins().begin(), b.origins().end(), a.origins()[i])) shared += a.DocumentSize(i);
  }
  return shared;
}

OverlapSplit HistoricalOverlapSplit(uint64_t tokens, uint64_t length) {
  const uint64_t windows = tokens > length ? tokens - length : 0;
  auto order = RandomOrder(Stream{42, Purpose::kReferenceSplit, 0, 0}, windows);
  const auto cut = order.begin() + static_cast<int64_t>(windows - windows / 10);
  return {std::vector<uint64_t>(order.begin(), cut), std::vector<uint64_t>(cut, order.end())};
}

}  // namespace plasa::trainer
