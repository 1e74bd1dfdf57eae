// How many cells a sweep may have.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/base/result.h"

namespace plasa::sweep {

// The refusal of a sweep of that many cells (UINT64_MAX: more than can be counted) where `limit` are allowed.
[[nodiscard]] Error TooMany(uint64_t cells, uint64_t limit);

// Refuses more than `limit` cells, and so many cells of so many parameters that they fill the memory.
[[nodiscard]] Outcome CheckCellCount(uint64_t cells, size_t parameters, int64_t limit);

}  // namespace plasa::sweep
