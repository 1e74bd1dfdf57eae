// The top of a sweep file: W&B's own keys.
#pragma once

#include "common/sweep/section.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// A specification that is being read, and its one spelling. `file` keeps defaults out, so that saying one changes
// nothing.
struct Draft {
  SweepSpec spec;
  Value::Object file;
};

// Every key a sweep file may have at its top; `plasa` is ours.
[[nodiscard]] const Names& TopKeys();

// Reads all of them but `parameters` and `plasa`. Refuses by Refusal.
void ReadWandbKeys(const Section& top, Draft* draft);

}  // namespace plasa::sweep
