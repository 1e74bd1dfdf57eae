// The axes of a search space: what varies on its own. A parameter is one axis; zipped parameters are one together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/sweep/parameters.h"

namespace plasa::sweep {

// One axis of a grid: its positions, each with a value a name.
struct Axis {
  std::vector<std::string> names;
  std::vector<Value::List> positions;  // repeated ones once, in the order of the file
};

// How many values a countable parameter has, repeated ones counted; saturates.
[[nodiscard]] uint64_t CountValues(const Parameter& parameter);

// All values of a countable parameter. Precondition: CountValues is small.
[[nodiscard]] Value::List ListValues(const Parameter& parameter);

// The axes in grid order: by their first name, sorted. Precondition: every parameter is countable and small.
[[nodiscard]] std::vector<Axis> MakeAxes(const Parameters& parameters,
                                         const std::vector<std::vector<std::string>>& zip);

// The zipped axes alone, for a random search.
[[nodiscard]] std::vector<Axis> MakeZippedAxes(const Parameters& parameters,
                                               const std::vector<std::vector<std::string>>& zip);

}  // namespace plasa::sweep
