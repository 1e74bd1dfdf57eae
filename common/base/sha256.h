// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plasa {

// Incremental digest. Not thread-safe; one use: Update any number of times, then Hex once.
class Sha256 {
 public:
  Sha256();
  void Update(const void* data, size_t size);
  void Update(std::string_view bytes) { Update(bytes.data(), bytes.size()); }
  // 64 lower-case hexadecimal digits. Ends the digest.
  [[nodiscard]] std::string Hex();

 private:
  void Block(const uint8_t* p);

  std::array<uint32_t, 8> h_;
  std::array<uint8_t, 64> tail_;
  size_t tail_size_ = 0;
  uint64_t total_ = 0;
};

[[nodiscard]] std::string Sha256Hex(std::string_view bytes);

// Whether `text` could be one: 64 lower-case hexadecimal digits.
[[nodiscard]] bool IsSha256Hex(std::string_view text);

}  // namespace plasa
