#include "common/experiment/schedule.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace plasa {
namespace {

struct Named {
  const char* name;
  Ratios ratios;
};

constexpr Named kSchedules[] = {
    {"dense_baseline", {1.0, 1.0, 1.0}},      {"uniform_sparse", {0.5, 0.5, 0.5}},
    {"dense_to_sparse", {1.0, 0.5, 0.75}},    {"aggressive_middle", {0.5, 0.25, 0.5}},
    {"progressive_sparse", {1.0, 0.25, 0.5}}, {"reverse_progressive", {0.25, 0.5, 1.0}},
};

constexpr std::string_view kThirdLetters = "EML";

Ratios Permuted(const Ratios& ratios, std::string_view perm) {
  if (perm.empty()) return ratios;
  Ratios out;
  for (size_t j = 0; j < out.size(); ++j) out[j] = ratios[kThirdLetters.find(perm[j])];
  return out;
}

std::vector<int64_t> NamedKeys(const Config& c, std::string_view name, int64_t base) {
  const Ratios ratios = Permuted(RatiosOf(name), c.schedule_perm);
  std::vector<int64_t> keys;
  for (int64_t i = 0; i < c.n_layers; ++i) keys.push_back(KeysOf(ratios[ThirdOf(i, c.n_layers, c.thirds)], base));
  return keys;
}

std::vector<int64_t> Clamped(std::vector<int64_t> keys, int64_t length) {
  for (int64_t& k : keys) k = std::clamp<int64_t>(k, 1, length);
  return keys;
}

}  // namespace

std::vector<std::string> ScheduleNames() {
  std::vector<std::string> names;
  for (const Named& s : kSchedules) names.emplace_back(s.name);
  return names;
}

bool IsNamedSchedule(std::string_view name) {
  return std::any_of(std::begin(kSchedules), std::end(kSchedules), [&](const Named& s) { return s.name == name; });
}

Ratios RatiosOf(std::string_view name) {
  return std::find_if(std::begin(kSchedules), std::end(kSchedules), [&](const Named& s) { return s.name == name; })
      ->ratios;
}

int ThirdOf(int64_t i, int64_t n, Thirds rule) {
  if (rule == Thirds::kUpstream) return i < n / 3 ? 0 : i < 2 * n / 3 ? 1 : 2;
  const int64_t centre = 3 * (2 * i + 1);
  return centre < 2 * n ? 0 : centre < 4 * n ? 1 : 2;
}

int64_t KeysOf(double ratio, int64_t length) {
  return std::clamp<int64_t>(static_cast<int64_t>(std::floor(ratio * static_cast<double>(length))), 1, length);
}

int64_t Pairs(int64_t k, int64_t length) { return k * (k + 1) / 2 + (length - k) * k; }

int64_t BlockBudget(int64_t k, int64_t block) { return std::max<int64_t>(2, (k + block - 1) / block); }

int64_t BlockKeys(int64_t k, int64_t block, int64_t t) {
  return (std::min(t / block + 1, BlockBudget(k, block)) - 1) * block + t % block + 1;
}

int64_t BlockPairs(int64_t k, int64_t block, int64_t length) {
  int64_t pairs = 0;
  for (int64_t t = 0; t < length; ++t) pairs += BlockKeys(k, block, t);
  return pairs;
}

int64_t SelectedPairs(int64_t k, int64_t block, int64_t length) {
  return block == 0 || k >= length ? Pairs(std::min(k, length), length) : BlockPairs(k, block, length);
}

std::vector<int64_t> LayerKeys(const Config& c, int64_t length) {
  const int64_t base = c.ref_k_from_max_pos > 0 ? c.ref_k_from_max_pos : length;
  if (c.schedule == "explicit_k") return Clamped(c.schedule_k, length);
  if (c.schedule == "explicit_ratios") {
    std::vector<int64_t> keys;
    for (const double r : c.schedule_ratios) keys.push_back(KeysOf(r, base));
    return Clamped(keys, length);
  }
  if (c.schedule == "matched_uniform") {
    const auto keys = Clamped(NamedKeys(c, c.schedule_match, base), length);
    return std::vector<int64_t>(keys.size(), MatchedUniform(keys, length));
  }
  return Clamped(NamedKeys(c, c.schedule, base), length);
}

int64_t MatchedUniform(const std::vector<int64_t>& keys, int64_t length) {
  int64_t total = 0;
  for (const int64_t k : keys) total += Pairs(k, length);
  const auto layers = static_cast<int64_t>(keys.size());
  int64_t best = 1;
  for (int64_t k = 2; k <= length; ++k) {
    if (std::llabs(layers * Pairs(k, length) - total) < std::llabs(layers * Pairs(best, length) - total)) best = k;
  }
  return best;
}

double MatchedRatio(const Ratios& ratios) {
  double sum = 0;
  for (const double r : ratios) sum += (1 - r) * (1 - r);
  return 1.0 - std::sqrt(sum / static_cast<double>(ratios.size()));
}

std::vector<std::pair<std::string, Ratios>> Permutations(std::string_view name) {
  std::vector<std::pair<std::string, Ratios>> out;
  for (const char* perm : {"EML", "ELM", "MEL", "MLE", "LEM", "LME"}) {
    const Ratios ratios = Permuted(RatiosOf(name), perm);
    const bool seen = std::any_of(out.begin(), out.end(), [&](const auto& p) { return p.second == ratios; });
    if (!seen) out.emplace_back(perm, ratios);
  }
  return out;
}

bool HasIndexer(const Config& c, int64_t k, int64_t length) {
  if (!UsesIndexer(c.selector)) return false;
  return c.ref_leak ? c.schedule != "dense_baseline" : k < length;
}

bool IsMixture(const Config& c, int64_t layer) { return c.arch == Arch::kExp3 || layer % 2 == 1; }

PositionBounds PositionBoundsOf(const Config& c, int64_t length) {
  PositionBounds bounds{length, 0};
  for (const int64_t given : LayerKeys(c, length)) {
    if (given >= length) continue;
    const int64_t k = c.select_block == 0 ? given : BlockBudget(given, c.select_block) * c.select_block;
    if (k >= length) continue;
    bounds.free = std::min(bounds.free, k);
    bounds.sparse = std::max(bounds.sparse, k);
  }
  if (bounds.sparse == 0) bounds.sparse = length;
  return bounds;
}

}  // namespace plasa
