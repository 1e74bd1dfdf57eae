// state.json of a checkpoint: everything of a run that is not a tensor.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/base/value.h"
#include "common/experiment/config.h"
#include "trainer/data/dataset.h"
#include "trainer/history.h"

namespace plasa::trainer {

// What must be equal for a resume to give the same bits.
struct RunIdentity {
  std::string config_hash;
  std::string data_digest;
  std::string hardware_class;
};

struct RunState {
  int64_t step = 0;
  History history;
  Value coverage;        // of the first steps, as GradientCoverage writes it
  bool inexact = false;  // some attempt so far went on on another hardware class
};

// What SaveCheckpoint writes. Epoch and cursor follow from the step; they are there to be checked.
[[nodiscard]] Value StateValue(const RunState& state, const Config& config, const Dataset& data,
                               const RunIdentity& identity, int64_t events_seq);

// Reads it back. Fails if it belongs to another configuration or other data, or, unless `allow_inexact`, to another
// hardware class.
[[nodiscard]] Result<RunState> ReadState(const Value& state, const RunIdentity& identity, bool allow_inexact);

}  // namespace plasa::trainer
