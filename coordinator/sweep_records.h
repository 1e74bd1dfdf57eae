// What the analysis wants to know of a sweep's trials, read from the store.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analysis/trial_record.h"
#include "coordinator/store/read.h"

namespace plasa {

// Keeps what the results of admitted trials say: those never change. For one thread at a time.
class SweepRecords {
 public:
  // In grid order. `sweep` is a whole id.
  [[nodiscard]] absl::StatusOr<std::vector<analysis::TrialRecord>> Own(store::Reader& reader, const std::string& sweep);
  // Those that verdicts may rest on beside its own, see Reader::Related.
  [[nodiscard]] absl::StatusOr<std::vector<analysis::TrialRecord>> Related(store::Reader& reader,
                                                                           const std::string& sweep);
  // Admitted, valid trials of whatever sweep whose parameters name this preset.
  [[nodiscard]] absl::StatusOr<std::vector<analysis::TrialRecord>> OfPreset(store::Reader& reader,
                                                                            const std::string& preset);

 private:
  // The records of admitted trials.
  [[nodiscard]] absl::StatusOr<std::vector<analysis::TrialRecord>> Of(
      store::Reader& reader, const absl::StatusOr<std::vector<std::string>>& ids);
  // A trial as the store has it; `cell` is that of the sweep it is read for.
  [[nodiscard]] absl::StatusOr<analysis::TrialRecord> Record(store::Reader& reader, const store::TrialView& trial);
  [[nodiscard]] absl::StatusOr<const analysis::TrialRecord*> Admitted(store::Reader& reader, const std::string& trial);

  std::map<std::string, analysis::TrialRecord> admitted_;  // by trial
};

}  // namespace plasa
