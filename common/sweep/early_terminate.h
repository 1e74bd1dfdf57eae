// W&B's early stopping: hyperband in its two forms.
#pragma once

#include "common/base/value.h"
#include "common/sweep/yaml_tree.h"

namespace plasa::sweep {

// The mapping with its defaults filled in. Refuses by Refusal what W&B refuses.
[[nodiscard]] Value ReadEarlyTerminate(const YamlNode& node);

}  // namespace plasa::sweep
