// What makes two trials the same.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/sweep/sweep.h"

namespace plasa::sweep {

// Everything that determines the numbers of one cell's trials but the seed. Immutable. The specification must outlive
// it.
class CellIdentity {
 public:
  // Fails, for the trainer `plasa`, with what ResolveConfig refuses.
  [[nodiscard]] static Result<CellIdentity> Of(const SweepSpec& spec, const Value::Object& params);
  // Of whatever parameters, taken as they are.
  CellIdentity(const SweepSpec& spec, Value::Object params) : spec_(&spec), params_(std::move(params)) {}

  // The id of the trial with that seed.
  [[nodiscard]] std::string TrialId(int64_t seed) const;

 private:
  const SweepSpec* spec_;
  Value::Object params_;  // for `plasa`: the resolved keys that differ from the defaults
};

}  // namespace plasa::sweep
