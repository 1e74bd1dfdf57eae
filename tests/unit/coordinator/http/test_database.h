// A small database of a sweep that has been running for a while, for reading.
#pragma once

#include <string>

namespace plasa {

// Writes it to `path`. Sweep "5weep0000000001" (named "toy") holds two trials in grid order:
//   "aaaa000000000001", cell {"x": 0}: succeeded in its second attempt; the first was lost at step 40 of 100
//   "bbbb000000000002", cell {"x": 1}: running on worker "w0rk", step 30 of 100; its last val/loss is NaN
// The older sweep "0lder00000000000" (named "older") holds the first of them alone.
void WriteTestDatabase(const std::string& path);

inline const std::string kSweep = "5weep0000000001";
inline const std::string kDone = "aaaa000000000001";
inline const std::string kRunning = "bbbb000000000002";

}  // namespace plasa
