#include "trainer/data/bpe/bpe_model.h"

namespace plasa::trainer {
namespace {

constexpr size_t kLongestKnown = 32;  // bytes
constexpr size_t kMostKnown = 1 << 16;

}  // namespace

void BpeModel::MergeWord(std::string_view piece, std::vector<uint32_t>* ids) {
  if (parts_.ignore_merges) {
    if (const auto word = parts_.id_of_word.find(std::string(piece)); word != parts_.id_of_word.end()) {
      return ids->push_back(word->second);
    }
  }
  symbols_.clear();
  for (const char c : piece) {
    const int64_t id = parts_.id_of_byte[static_cast<uint8_t>(c)];
    if (id != BpeParts::kNoId) symbols_.push_back(static_cast<uint32_t>(id));
  }
  merger_.Run(parts_.merges, symbols_, ids);
}

void BpeModel::Encode(std::string_view piece, std::vector<uint32_t>* ids) {
  if (piece.size() > kLongestKnown) return MergeWord(piece, ids);
  auto known = known_.find(piece);
  if (known == known_.end()) {
    if (known_.size() == kMostKnown) known_.clear();
    known = known_.try_emplace(std::string(piece)).first;
    MergeWord(piece, &known->second);
  }
  ids->insert(ids->end(), known->second.begin(), known->second.end());
}

}  // namespace plasa::trainer
