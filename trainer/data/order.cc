#include "trainer/data/order.h"

#include <algorithm>
#include <utility>

namespace plasa::trainer {

std::vector<uint64_t> RandomOrder(const Stream& stream, uint64_t n) {
  std::vector<uint32_t> words(2 * n);
  Words(stream, 0, words.size(), words.data());
  std::vector<std::pair<uint64_t, uint64_t>> keyed(n);
  for (uint64_t i = 0; i < n; ++i) keyed[i] = {uint64_t{words[2 * i]} << 32 | words[2 * i + 1], i};
  std::sort(keyed.begin(), keyed.end());
  std::vector<uint64_t> order;
  order.reserve(n);
  for (const auto& [key, i] : keyed) order.push_back(i);
  return order;
}

uint64_t EpochOrder::Window(uint64_t sample) {
  const uint64_t epoch = sample / windows_;
  if (epoch != epoch_) order_ = RandomOrder(Stream{seed_, Purpose::kOrder, static_cast<uint32_t>(epoch), 0}, windows_);
  epoch_ = epoch;
  return order_[sample % windows_];
}

}  // namespace plasa::trainer
