// A whole file in memory, read-only, without copying it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>

#include "common/base/result.h"

namespace plasa::trainer {

// Owns one private read-only mapping. Movable. The file must not shrink while it is mapped.
class MappedFile {
 public:
  // Fails if the file cannot be opened or mapped. An empty file gives size 0 and no address.
  static Result<MappedFile> Open(const std::filesystem::path& path);

  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedFile();

  [[nodiscard]] const uint8_t* data() const { return data_; }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace plasa::trainer
