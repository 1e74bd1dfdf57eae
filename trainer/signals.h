// Requests that reach a trainer as signals.
#pragma once

namespace plasa::trainer {

// SIGUSR1 asks for a checkpoint, SIGTERM and SIGINT for a checkpoint and leaving. Call once, before the first step.
void InstallSignalHandlers();

// Whether a checkpoint was asked for since the last call.
[[nodiscard]] bool TakeCheckpointRequest();
// Whether the trainer was asked to leave; stays true.
[[nodiscard]] bool LeaveRequested();

}  // namespace plasa::trainer
