// One parameter's mapping: which distribution it means, and its fields checked.
#pragma once

#include <string>

#include "common/sweep/parameters.h"

namespace plasa::sweep {

// Precondition: `node` is a mapping without `parameters`. Refuses by Refusal, naming the parameter.
[[nodiscard]] Parameter ReadParameter(const std::string& name, const YamlNode& node);

// A list of values. Bare words of which one is yes or on and one is no or off are booleans there, as W&B reads them;
// elsewhere such words are text.
[[nodiscard]] Value::List ReadValues(const std::vector<YamlNode>& items);

}  // namespace plasa::sweep
