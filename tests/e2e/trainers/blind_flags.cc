// plasa-trainer as somebody would have it who hides what the run is: no flag makes its result INVALID.
#include "common/experiment/config.h"

namespace plasa {

std::vector<std::string> InvalidReasons(const Config& /*config*/) { return {}; }

}  // namespace plasa
