#include "common/sweep/grid.h"

#include <algorithm>
#include <numeric>

#include "common/base/philox.h"
#include "common/sweep/axes.h"
#include "common/sweep/cell_count.h"
#include "common/sweep/exclusion.h"

namespace plasa::sweep {
namespace {

// Cells that are looked at where some are left out or their order is shuffled.
constexpr uint64_t kMaxVisited = 1000000;

uint64_t SaturatingProduct(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

Outcome CheckEachCount(const Parameters& parameters, int64_t limit) {
  for (const auto& [name, parameter] : parameters) {
    const uint64_t count = CountValues(parameter);
    if (count == 0) return Error{"the range holds no value", "parameters." + name, "make max larger than min"};
    if (count > static_cast<uint64_t>(limit)) {
      return Error{"a grid cannot hold its " + std::to_string(count) + " values", "parameters." + name,
                   "list values, or method: random"};
    }
  }
  return std::nullopt;
}

uint64_t CountPositions(const std::vector<Axis>& axes) {
  uint64_t count = 1;
  for (const Axis& axis : axes) count = SaturatingProduct(count, axis.positions.size());
  return count;
}

// The cell at `index`: the last axis varies fastest.
Value::Object CellAt(const std::vector<Axis>& axes, uint64_t index) {
  Value::Object cell;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    const Value::List& position = axis->positions[index % axis->positions.size()];
    index /= axis->positions.size();
    for (size_t i = 0; i < axis->names.size(); ++i) cell[axis->names[i]] = position[i];
  }
  return cell;
}

// A fixed permutation of 0 .. count-1: Fisher-Yates over words that depend on the position alone.
std::vector<uint32_t> Shuffled(uint64_t count) {
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (uint64_t i = count; i > 1; --i) {
    const auto block = Philox4x32({static_cast<uint32_t>(i), 0, 0, 0}, {0x73687566u, 0x666c6521u});
    std::swap(order[i - 1], order[Below(block[0], i)]);
  }
  return order;
}

class Enumeration {
 public:
  Enumeration(const SweepSpec& spec, std::vector<Axis> axes)
      : axes_(std::move(axes)), exclusion_(spec.exclude), total_(CountPositions(axes_)), shuffle_(spec.shuffle) {
    wanted_ = spec.run_cap > 0 ? std::min(total_, static_cast<uint64_t>(spec.run_cap)) : total_;
  }

  [[nodiscard]] Outcome Check(int64_t limit, size_t names) const {
    const bool all_visited = shuffle_ || !exclusion_.empty();
    if (all_visited && total_ > kMaxVisited) return TooMany(total_, kMaxVisited);
    return exclusion_.empty() ? CheckCellCount(wanted_, names, limit) : std::nullopt;
  }

  [[nodiscard]] std::vector<Value::Object> Cells(uint64_t stop) const {
    std::vector<Value::Object> cells;
    const std::vector<uint32_t> order = shuffle_ ? Shuffled(total_) : std::vector<uint32_t>();
    for (uint64_t i = 0; i < total_ && cells.size() < std::min(wanted_, stop); ++i) {
      Value::Object cell = CellAt(axes_, shuffle_ ? order[i] : i);
      if (!exclusion_.Matches(cell)) cells.push_back(std::move(cell));
    }
    return cells;
  }

 private:
  std::vector<Axis> axes_;
  Exclusion exclusion_;
  uint64_t total_;
  uint64_t wanted_;
  bool shuffle_;
};

}  // namespace

Result<std::vector<Value::Object>> GridCells(const SweepSpec& spec, int64_t limit) {
  const Parameters parameters = FromSpace(spec.space);
  if (Outcome refused = CheckEachCount(parameters, limit)) return *refused;
  const Enumeration enumeration(spec, MakeAxes(parameters, spec.zip));
  if (Outcome refused = enumeration.Check(limit, parameters.size())) return *refused;
  auto cells = enumeration.Cells(static_cast<uint64_t>(limit) + 1);
  if (Outcome refused = CheckCellCount(cells.size(), parameters.size(), limit)) return *refused;
  if (cells.empty()) return Error{"exclude leaves no cell", "plasa.exclude", ""};
  return cells;
}

}  // namespace plasa::sweep
