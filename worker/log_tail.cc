#include "worker/log_tail.h"

#include <algorithm>
#include <fstream>

namespace plasa::worker {

std::optional<v1::LogChunk> LogTailer::TakeChunk(uint64_t token) {
  std::ifstream file(path_, std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  const auto size = static_cast<uint64_t>(file.tellg());
  if (size <= offset_) return std::nullopt;
  const uint64_t from = std::max(offset_, size > kChunkBytes ? size - kChunkBytes : 0);
  std::string bytes(size - from, '\0');
  file.seekg(static_cast<std::streamoff>(from));
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return std::nullopt;
  offset_ = size;
  v1::LogChunk chunk;
  chunk.set_token(token);
  chunk.set_offset(from);
  chunk.set_data(std::move(bytes));
  return chunk;
}

}  // namespace plasa::worker
