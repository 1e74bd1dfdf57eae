// Sequential replication: at how many seeds a sweep is judged that adds seeds until it is decided (spec 14).
#pragma once

#include <array>
#include <cstdint>

namespace plasa {

// Seeds 1 .. n of each look. At fewer than the first the smallest adjusted p of five contrasts could decide nothing.
inline constexpr std::array<int64_t, 3> kLooks = {12, 16, 20};

}  // namespace plasa
