// The chain of a resume certificate: one digest over everything a trial's state hangs on, back to step 0. Anybody can
// compute it again from the attempts (docs/science.md).
#pragma once

#include <cstdint>
#include <string>

namespace plasa {

// The chain of an attempt that begins at step 0 and loads nothing.
[[nodiscard]] std::string FirstResumeLink(const std::string& trial, const std::string& hardware_class,
                                          const std::string& build, const std::string& data_digest);

// The chain of an attempt that goes on at `step` from the checkpoint `loaded`; `chain` is its publisher's.
[[nodiscard]] std::string NextResumeLink(const std::string& chain, int64_t step, const std::string& loaded);

}  // namespace plasa
