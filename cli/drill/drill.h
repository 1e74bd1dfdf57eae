// The drill: one sweep in peace, then the same under faults, again and again, each compared with the first.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "cli/drill/cluster.h"
#include "cli/drill/summary.h"
#include "cli/output/interrupt.h"
#include "cli/up/supervisor.h"

namespace plasa::cli {

struct DrillOptions {
  uint64_t seed = 0;
  double seconds = 60;  // no round begins later; one does in any case
  uint32_t rounds = 0;  // exactly as many; 0: as the time allows
  Programs programs;
};

// Works in a temporary directory, which it removes, as it ends all that it started; where results differ the directory
// is kept and named in the summary, and no further round begins. An error: Ctrl-C (CANCELLED), or the undisturbed run
// did not succeed. Ends all children of this process.
[[nodiscard]] absl::StatusOr<Summary> RunDrill(const DrillOptions& options, const Interrupt& interrupt, const Say& say);

}  // namespace plasa::cli
