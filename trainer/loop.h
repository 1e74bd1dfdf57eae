// One attempt from start to result.
#pragma once

#include "trainer/exit_code.h"
#include "trainer/spec.h"

namespace plasa::trainer {

// Runs the attempt described by `spec` in its directory: start, audits, training with evaluations and checkpoints,
// result. Says on stderr why it ended early. Installs signal handlers and settings of the process: call once a process,
// from its main thread.
[[nodiscard]] ExitCode RunAttempt(const RunSpec& spec);

}  // namespace plasa::trainer
