// A tokenised corpus: token ids and the documents they form.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/data/mapped_file.h"

namespace plasa::trainer {

// Token ids of 16 or 32 bits, owned or mapped from a file, plus document offsets. One thread at a time.
class Tokens {
 public:
  // Tokens made in memory. `offsets` has one entry more than there are documents: first 0, last ids.size(),
  // non-decreasing.
  Tokens(std::vector<uint16_t> ids, std::vector<uint64_t> offsets);
  // The same with ids of 32 bits.
  static Tokens Wide(std::vector<uint32_t> ids, std::vector<uint64_t> offsets);
  // `count` ids of `width` bytes (2 or 4) that begin `start` bytes into `file`; start is a multiple of width.
  Tokens(MappedFile file, size_t start, int width, uint64_t count, std::vector<uint64_t> offsets);

  [[nodiscard]] uint64_t size() const { return count_; }
  [[nodiscard]] uint32_t operator[](uint64_t i) const {
    return width_ == 2 ? reinterpret_cast<const uint16_t*>(Raw())[i] : reinterpret_cast<const uint32_t*>(Raw())[i];
  }
  [[nodiscard]] int width() const { return width_; }  // bytes of an id
  // All ids, `width` bytes each.
  [[nodiscard]] const uint8_t* Raw() const {
    if (!wide_.empty()) return reinterpret_cast<const uint8_t*>(wide_.data());
    return owned_.empty() ? file_.data() + start_ : reinterpret_cast<const uint8_t*>(owned_.data());
  }
  [[nodiscard]] const std::vector<uint64_t>& offsets() const { return offsets_; }
  [[nodiscard]] uint64_t documents() const { return offsets_.size() - 1; }
  [[nodiscard]] uint32_t MaxId() const;

  // SHA-256 over width, ids and offsets: the data digest of a run. Computed once.
  [[nodiscard]] const std::string& Digest();

  // Documents end after each `eot` id from now on; the rest after the last one is a document of its own.
  void SplitAfter(uint32_t eot);

 private:
  std::vector<uint16_t> owned_;
  std::vector<uint32_t> wide_;
  MappedFile file_;
  size_t start_ = 0;
  int width_ = 2;
  uint64_t count_ = 0;
  std::vector<uint64_t> offsets_;
  std::string digest_;  // empty until asked for
};

}  // namespace plasa::trainer
