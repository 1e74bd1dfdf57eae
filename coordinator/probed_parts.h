// The parts of a coordinator that its self-probe asks.
#pragma once

#include <string>

#include "coordinator/core_loop.h"
#include "coordinator/self_probe.h"
#include "coordinator/store/writer.h"

namespace plasa {

// The core's thread: its mailbox and its tick.
[[nodiscard]] ProbedPart CorePart(CoreLoop& core);

// The writer's thread: the group at hand and an empty one are committed. A full disk is an answer too.
[[nodiscard]] ProbedPart StorePart(store::Writer& writer);

// A health check over a new connection to `address` (HOST:PORT).
[[nodiscard]] ProbedPart GrpcPart(std::string address);

// GET /healthz over a new connection to `url` (http://HOST:PORT). Asks on the caller's thread. A connection that is
// closed at once counts as an answer: too many clients are no reason to start again.
[[nodiscard]] ProbedPart HttpPart(const std::string& url);

}  // namespace plasa
