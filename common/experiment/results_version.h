// Which numbers may be compared with which.
#pragma once

namespace plasa {

// Raised whenever a change may alter any number a run reports; part of every trial's identity.
inline constexpr int kResultsVersion = 9;

}  // namespace plasa
