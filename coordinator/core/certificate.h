// The resume certificate: what each attempt says it loaded, held against what was published.
#pragma once

#include <cstdint>
#include <optional>

#include "coordinator/core/model/records.h"

namespace plasa::coordinator {

// The certificate of an attempt whose start event came, at `step`. `published` is the checkpoint it was to resume from.
// A link holds when the digest and the step are the published ones, and hardware class, build and data are those of the
// attempt that published it. An attempt that loads nothing and begins at step 0 begins a new chain.
[[nodiscard]] ResumeCertificate Certify(const AttemptRecord& attempt, const StartFacts& start, int64_t step,
                                        const std::optional<PublishedCheckpoint>& published);

}  // namespace plasa::coordinator
