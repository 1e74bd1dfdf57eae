#include "common/experiment/contrast_sets.h"

namespace plasa {

std::vector<std::string> ContrastSetNames() { return {"exp1", "exp2", "exp3", "long-context", "plasa-benchmark"}; }

}  // namespace plasa
