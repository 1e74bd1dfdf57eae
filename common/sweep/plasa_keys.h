// Our own keys, under `plasa:`.
#pragma once

#include "common/sweep/parameters.h"
#include "common/sweep/wandb_keys.h"

namespace plasa::sweep {

// Reads the mapping (`node` may be nullptr: all defaults) and settles seeds, data and trainer. Precondition: W&B's keys
// are read. Refuses by Refusal, also what is known but not there yet.
void ReadPlasaKeys(const YamlNode* node, const Parameters& parameters, Draft* draft);

}  // namespace plasa::sweep
