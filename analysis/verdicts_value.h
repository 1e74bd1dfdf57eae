// verdicts.json, and the same over HTTP.
#pragma once

#include "analysis/claim.h"
#include "common/base/value.h"

namespace plasa::analysis {

// {"v":1,"margin","alpha","looks","claims":[…],"verdicts":[…]}; the members are those of docs/http-api.md. Figures that
// are not there are null in a claim and left out of a contrast.
[[nodiscard]] Value::Object VerdictsValue(const Answers& answers);

}  // namespace plasa::analysis
