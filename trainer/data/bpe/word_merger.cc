#include "trainer/data/bpe/word_merger.h"

namespace plasa::trainer {

void WordMerger::Load(const std::vector<uint32_t>& symbols) {
  symbols_.clear();
  const auto count = static_cast<uint32_t>(symbols.size());
  for (uint32_t i = 0; i < count; ++i) {
    symbols_.push_back({symbols[i], i == 0 ? kNone : i - 1, i + 1 == count ? kNone : i + 1, false});
  }
}

// Puts the pair that starts at `at` into the queue, if it merges.
void WordMerger::Offer(const MergeTable& merges, uint32_t at) {
  if (at == kNone || symbols_[at].next == kNone) return;
  const Merge* merge = merges.Find(symbols_[at].id, symbols_[symbols_[at].next].id);
  if (merge != nullptr) candidates_.push({*merge, at});
}

// Whether the pair a candidate speaks of still stands. As in tokenizers, what counts is the token it becomes.
bool WordMerger::IsCurrent(const MergeTable& merges, const Candidate& candidate) const {
  const Symbol& left = symbols_[candidate.at];
  if (left.gone || left.next == kNone) return false;
  const Merge* merge = merges.Find(left.id, symbols_[left.next].id);
  return merge != nullptr && merge->id == candidate.merge.id;
}

void WordMerger::MergeAt(uint32_t at, uint32_t id) {
  Symbol& left = symbols_[at];
  Symbol& right = symbols_[left.next];
  left.id = id;
  left.next = right.next;
  right.gone = true;
  if (left.next != kNone) symbols_[left.next].previous = at;
}

void WordMerger::Run(const MergeTable& merges, const std::vector<uint32_t>& symbols, std::vector<uint32_t>* ids) {
  if (symbols.empty()) return;
  Load(symbols);
  for (uint32_t i = 0; i + 1 < symbols_.size(); ++i) Offer(merges, i);
  while (!candidates_.empty()) {
    const Candidate best = candidates_.top();
    candidates_.pop();
    if (!IsCurrent(merges, best)) continue;
    MergeAt(best.at, best.merge.id);
    Offer(merges, symbols_[best.at].previous);
    Offer(merges, best.at);
  }
  for (uint32_t i = 0; i != kNone; i = symbols_[i].next) ids->push_back(symbols_[i].id);
}

}  // namespace plasa::trainer
