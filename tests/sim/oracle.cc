#include "oracle.h"

namespace plasa::sim {
namespace {

constexpr int64_t kFewestSteps = 10;
constexpr uint64_t kMoreSteps = 14;

uint64_t Mix(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

uint64_t Oracle::Begin(const std::string& trial) {
  uint64_t state = 0x9e3779b97f4a7c15;
  for (const char c : trial) state = Mix(state + static_cast<unsigned char>(c));
  return state;
}

int64_t Oracle::StepsOf(const std::string& trial) {
  return kFewestSteps + static_cast<int64_t>(Begin(trial) % kMoreSteps);
}

uint64_t Oracle::Next(uint64_t state, int64_t step) { return Mix(state + static_cast<uint64_t>(step)); }

uint64_t Oracle::StateAt(const std::string& trial, int64_t step) {
  std::vector<uint64_t>& chain = chains_[trial];
  if (chain.empty()) chain.push_back(Begin(trial));
  while (static_cast<int64_t>(chain.size()) <= step)
    chain.push_back(Next(chain.back(), static_cast<int64_t>(chain.size())));
  return chain[static_cast<size_t>(step)];
}

}  // namespace plasa::sim
