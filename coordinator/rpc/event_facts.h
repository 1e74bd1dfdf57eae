// What the core decides on of a trainer's event that travels as JSON (docs/trainer-interface.md).
#pragma once

#include <string>

#include "coordinator/core/model/fleet_commands.h"

namespace plasa::rpc {

// Missing or mistyped members count as absent: a stranger's trainer may leave out what nobody needs.
[[nodiscard]] EventFacts FactsOf(const std::string& type, const std::string& json);

}  // namespace plasa::rpc
