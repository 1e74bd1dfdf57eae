// The answers to a sweep's questions, over HTTP.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analysis/trial_record.h"
#include "coordinator/http/message.h"
#include "coordinator/live.h"
#include "coordinator/store/read.h"

namespace plasa::http {

// Lives on a thread that may take its time: bootstraps and drawn signs take longer than a page may. What was computed
// is kept until a trial is admitted; what a trial's result says is read once.
class VerdictReads {
 public:
  // `live` must outlive the calls.
  explicit VerdictReads(const LiveFeed& live) : live_(live) {}

  // `{"v":1,"margin","alpha","claims","verdicts"}`, the object of verdicts.json. `sweep` as FindSweep takes it.
  [[nodiscard]] absl::StatusOr<Reply> Read(store::Reader& reader, const std::string& sweep);

 private:
  struct Answered {
    uint64_t cursor = 0;  // at which it was seen to hold
    Reply reply;
  };

  // Whether no trial was admitted since that cursor.
  [[nodiscard]] absl::StatusOr<bool> HoldsSince(store::Reader& reader, uint64_t cursor);
  [[nodiscard]] absl::StatusOr<Reply> Compute(store::Reader& reader, const std::string& sweep);
  // A trial as the store has it; `cell` is that of the sweep it is read for.
  [[nodiscard]] absl::StatusOr<analysis::TrialRecord> Record(store::Reader& reader, const store::TrialView& trial);
  [[nodiscard]] absl::StatusOr<std::vector<analysis::TrialRecord>> OwnRecords(store::Reader& reader,
                                                                              const std::string& sweep);
  [[nodiscard]] absl::StatusOr<std::vector<analysis::TrialRecord>> RelatedRecords(store::Reader& reader,
                                                                                  const std::string& sweep);
  [[nodiscard]] absl::StatusOr<const analysis::TrialRecord*> Admitted(store::Reader& reader, const std::string& trial);

  const LiveFeed& live_;
  std::map<std::string, Answered> answered_;               // by sweep
  std::map<std::string, analysis::TrialRecord> admitted_;  // by trial: those never change
};

}  // namespace plasa::http
