#include "common/sweep/cell_count.h"

#include <algorithm>
#include <string>

namespace plasa::sweep {
namespace {

// Values held at once, cells times parameters.
constexpr uint64_t kMaxValues = 4000000;

}  // namespace

Error TooMany(uint64_t cells, uint64_t limit) {
  const std::string count = cells == UINT64_MAX ? "more than 10^19" : std::to_string(cells);
  return Error{"the sweep has " + count + " cells, at most " + std::to_string(limit) + " are taken", "parameters",
               "list fewer values, set run_cap, or split it"};
}

Outcome CheckCellCount(uint64_t cells, size_t parameters, int64_t limit) {
  const uint64_t allowed = std::min(static_cast<uint64_t>(limit), kMaxValues / std::max<size_t>(1, parameters));
  if (cells > allowed) return TooMany(cells, allowed);
  return std::nullopt;
}

}  // namespace plasa::sweep
