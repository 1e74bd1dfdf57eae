// Per-layer statistics of a cell over its seeds.
#pragma once

#include <boost/json/array.hpp>
#include <vector>

#include "cli/report/records.h"

namespace plasa::cli {

// For each layer an object with the mean over the runs of every field that all of them have, lists by element. Empty
// where some run has no `layers`, or another number of them.
[[nodiscard]] boost::json::array LayerMeans(const std::vector<const RunRecord*>& runs);

}  // namespace plasa::cli
