#include "coordinator/store/series_block.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "common/base/crc32c.h"

namespace plasa::store {
namespace {

constexpr size_t kPointBytes = 4 + 8 + 4;
static_assert(std::endian::native == std::endian::little, "blobs are little-endian");

template <class T>
void Append(std::string* blob, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  blob->append(bytes, sizeof value);
}

template <class T>
T ReadAt(absl::string_view blob, size_t offset) {
  T value;
  std::memcpy(&value, blob.data() + offset, sizeof value);
  return value;
}

}  // namespace

bool SeriesBlock::HasRoomFor(const Point& point) const {
  if (points.empty()) return true;
  return points.size() < kBlockPoints && point.step >= points.front().step &&
         point.step - points.front().step <= std::numeric_limits<uint32_t>::max();
}

double SeriesBlock::Lo() const {
  double lo = std::numeric_limits<double>::infinity();
  for (const Point& point : points) {
    if (std::isfinite(point.value) && point.value < lo) lo = point.value;
  }
  return lo;
}

double SeriesBlock::Hi() const {
  double hi = -std::numeric_limits<double>::infinity();
  for (const Point& point : points) {
    if (std::isfinite(point.value) && point.value > hi) hi = point.value;
  }
  return hi;
}

std::string SeriesBlock::Encode() const {
  std::string blob;
  blob.reserve(points.size() * kPointBytes);
  for (const Point& point : points) Append(&blob, static_cast<uint32_t>(point.step - points.front().step));
  for (const Point& point : points) Append(&blob, point.value);
  for (const Point& point : points) Append(&blob, static_cast<float>(point.time_unix_s - points.front().time_unix_s));
  return blob;
}

absl::StatusOr<SeriesBlock> DecodeBlock(const BlockHeader& header, absl::string_view blob) {
  const size_t n = static_cast<size_t>(header.n);
  if (header.n < 0 || n > kBlockPoints || blob.size() != n * kPointBytes)
    return absl::DataLossError("a metric block has the wrong size");
  if (Crc32c({blob.data(), blob.size()}) != header.crc32c)
    return absl::DataLossError("a metric block's checksum is wrong");
  SeriesBlock block;
  block.points.resize(n);
  for (size_t i = 0; i < n; ++i) {
    // Unsigned: a damaged first step may be any number.
    block.points[i].step =
        static_cast<int64_t>(static_cast<uint64_t>(header.first_step) + ReadAt<uint32_t>(blob, 4 * i));
    block.points[i].value = ReadAt<double>(blob, 4 * n + 8 * i);
    block.points[i].time_unix_s = header.first_time_unix_s + ReadAt<float>(blob, 12 * n + 4 * i);
  }
  return block;
}

}  // namespace plasa::store
