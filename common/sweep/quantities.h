// Durations and sizes as people write them: 60s, 5m, 1500ms; 8GiB, 512MB.
#pragma once

#include <cstdint>
#include <string>

#include "common/sweep/yaml_tree.h"

namespace plasa::sweep {

// A time in milliseconds; a bare number is seconds; `none` is 0. Refuses what is below `low_ms` (but `none`) or above a
// year.
[[nodiscard]] int64_t ReadDurationMs(const YamlNode& node, const std::string& name, int64_t low_ms, bool may_be_none);
// "60s" or "1500ms"; "none" for 0.
[[nodiscard]] std::string DurationText(int64_t ms);

// A size in bytes; a bare number is bytes.
[[nodiscard]] int64_t ReadBytes(const YamlNode& node, const std::string& name);

}  // namespace plasa::sweep
