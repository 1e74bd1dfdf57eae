// One form for equal values, so that a specification and its JSON hold the same: 1.0 is the whole number 1.
#pragma once

#include "common/base/value.h"

namespace plasa::sweep {

// The value with every whole number below 2^53 as an integer, at every level.
[[nodiscard]] Value NormalForm(Value value);

}  // namespace plasa::sweep
