// A checkpoint becomes the trial's newest only when everything it stands on is stored.
#pragma once

#include "coordinator/artifacts.h"
#include "coordinator/commands.h"

namespace plasa {

// Passes the command on when each of the checkpoint's files is there, which then stay until the answer; else says what
// is missing. `artifacts` outlives the answer.
void PublishStored(Artifacts& artifacts, Commands& commands, PublishCommand command, Answer<PublishOutcome> answer);

}  // namespace plasa
