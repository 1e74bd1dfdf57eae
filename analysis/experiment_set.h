// The set exp3: the table of spec 14.
#pragma once

#include "analysis/contrast_sets.h"

namespace plasa::analysis {

[[nodiscard]] ContrastSet ExperimentSet();

}  // namespace plasa::analysis
