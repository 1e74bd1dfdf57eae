#include "trainer/data/tokens.h"

#include <algorithm>

#include "common/base/sha256.h"

namespace plasa::trainer {

Tokens::Tokens(std::vector<uint16_t> ids, std::vector<uint64_t> offsets)
    : owned_(std::move(ids)), count_(owned_.size()), offsets_(std::move(offsets)) {}

Tokens Tokens::Wide(std::vector<uint32_t> ids, std::vector<uint64_t> offsets) {
  Tokens tokens({}, std::move(offsets));
  tokens.wide_ = std::move(ids);
  tokens.count_ = tokens.wide_.size();
  tokens.width_ = 4;
  return tokens;
}

Tokens::Tokens(MappedFile file, size_t start, int width, uint64_t count, std::vector<uint64_t> offsets)
    : file_(std::move(file)), start_(start), width_(width), count_(count), offsets_(std::move(offsets)) {}

uint32_t Tokens::MaxId() const {
  uint32_t largest = 0;
  for (uint64_t i = 0; i < count_; ++i) largest = std::max(largest, (*this)[i]);
  return largest;
}

const std::string& Tokens::Digest() {
  if (!digest_.empty()) return digest_;
  Sha256 digest;
  digest.Update("plasa tokens 1 width " + std::to_string(width_) + " count " + std::to_string(count_) + " documents " +
                std::to_string(documents()) + "\n");
  if (count_ > 0) digest.Update(Raw(), count_ * static_cast<uint64_t>(width_));
  digest.Update(offsets_.data(), offsets_.size() * sizeof(uint64_t));
  return digest_ = digest.Hex();
}

void Tokens::SplitAfter(uint32_t eot) {
  digest_.clear();
  offsets_.assign(1, 0);
  for (uint64_t i = 0; i < count_; ++i) {
    if ((*this)[i] == eot) offsets_.push_back(i + 1);
  }
  if (offsets_.back() != count_) offsets_.push_back(count_);
}

}  // namespace plasa::trainer
