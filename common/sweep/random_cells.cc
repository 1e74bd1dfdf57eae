#include "common/sweep/random_cells.h"

#include <unordered_set>

#include "common/sweep/axes.h"
#include "common/sweep/cell_count.h"
#include "common/sweep/draw.h"
#include "common/sweep/exclusion.h"

namespace plasa::sweep {
namespace {

// Draws a cell after the other.
class Sampler {
 public:
  explicit Sampler(const SweepSpec& spec)
      : parameters_(FromSpace(spec.space)), zipped_(MakeZippedAxes(parameters_, spec.zip)), exclusion_(spec.exclude) {}

  std::vector<Value::Object> Cells(uint32_t wanted) const {
    std::vector<Value::Object> cells;
    std::unordered_set<std::string> seen;
    // A small space runs out of new cells; then it is enough to have tried.
    const uint64_t tries = uint64_t{20} * wanted + 1000;
    for (uint32_t draw = 0; draw < tries && cells.size() < wanted; ++draw) {
      Value::Object cell = CellOf(draw);
      const bool left_out = exclusion_.Matches(cell);
      if (!left_out && seen.insert(Value(cell).CanonicalJson()).second) cells.push_back(std::move(cell));
    }
    return cells;
  }

 private:
  [[nodiscard]] Value::Object CellOf(uint32_t draw) const {
    Value::Object cell;
    for (const auto& [name, parameter] : parameters_) cell[name] = Draw(name, parameter, draw);
    for (const Axis& axis : zipped_) {
      const Value::List& position = axis.positions[DrawWords(axis.names.front(), draw).Below(axis.positions.size())];
      for (size_t i = 0; i < axis.names.size(); ++i) cell[axis.names[i]] = position[i];
    }
    return cell;
  }

  Parameters parameters_;
  std::vector<Axis> zipped_;
  Exclusion exclusion_;
};

}  // namespace

Result<std::vector<Value::Object>> RandomCells(const SweepSpec& spec, int64_t limit) {
  const size_t names = spec.space.As<Value::Object>().size();
  if (Outcome refused = CheckCellCount(static_cast<uint64_t>(spec.run_cap), names, limit)) return *refused;
  auto cells = Sampler(spec).Cells(static_cast<uint32_t>(spec.run_cap));
  if (cells.empty() && spec.run_cap > 0) return Error{"exclude leaves no cell", "plasa.exclude", ""};
  return cells;
}

}  // namespace plasa::sweep
