// Hands out what a trainer prints in bounded chunks. Lossy on purpose: when the trainer prints faster than chunks
// leave, the middle is skipped, and the chunk's offset shows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plasa/v1/fleet.pb.h"

namespace plasa::worker {

// Owned by an Attempt; loop thread only. The whole log stays in output.log.
class LogTailer {
 public:
  static constexpr uint64_t kChunkBytes = 16 << 10;

  explicit LogTailer(std::string path) : path_(std::move(path)) {}

  // The newest chunk not handed out yet; nullopt when nothing was printed since.
  [[nodiscard]] std::optional<v1::LogChunk> TakeChunk(uint64_t token);

 private:
  const std::string path_;
  uint64_t offset_ = 0;
};

}  // namespace plasa::worker
