// The answers to a sweep's questions, over HTTP.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/http/message.h"
#include "coordinator/live.h"
#include "coordinator/store/read.h"
#include "coordinator/sweep_records.h"

namespace plasa::http {

// Lives on a thread that may take its time: bootstraps and drawn signs take longer than a page may. What was computed
// is kept until a trial is admitted or pruned; what a trial's result says is read once.
class VerdictReads {
 public:
  // `live` must outlive the calls.
  explicit VerdictReads(const LiveFeed& live) : live_(live) {}

  // The benchmark's entries of all sweeps, see analysis::BoardsValue.
  [[nodiscard]] absl::StatusOr<Reply> Leaderboard(store::Reader& reader);

  // `{"v":1,"margin","alpha","claims","verdicts"}`, the object of verdicts.json. `sweep` as FindSweep takes it.
  [[nodiscard]] absl::StatusOr<Reply> Read(store::Reader& reader, const std::string& sweep);

 private:
  struct Answered {
    uint64_t cursor = 0;  // at which it was seen to hold
    Reply reply;
  };

  // What was answered under this key, or what `make` makes of it now.
  template <class Make>
  [[nodiscard]] absl::StatusOr<Reply> Answer(store::Reader& reader, const std::string& key, Make make);
  // Whether no trial was admitted or pruned since that cursor.
  [[nodiscard]] absl::StatusOr<bool> HoldsSince(store::Reader& reader, uint64_t cursor);
  [[nodiscard]] absl::StatusOr<Reply> Compute(store::Reader& reader, const std::string& sweep);

  const LiveFeed& live_;
  std::map<std::string, Answered> answered_;  // by sweep; the leaderboard under ""
  SweepRecords records_;
};

}  // namespace plasa::http
