// Reads sweeps: what they are, how far they came, what is best.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/views.h"

namespace plasa::store {

// All on one connection, within one transaction of the caller.
class SweepReader {
 public:
  explicit SweepReader(Queries& queries) : queries_(queries) {}

  // Newest first.
  [[nodiscard]] absl::StatusOr<std::vector<SweepView>> Newest(size_t limit);
  // NOT_FOUND when there is none.
  [[nodiscard]] absl::StatusOr<SweepView> Get(const std::string& id);

  // See Reader::SweepsAtALook and LargestSeed.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> AtALook();
  [[nodiscard]] absl::StatusOr<int64_t> LargestSeed(const std::string& sweep);
  // See Reader::FindSweep and FindTrial.
  [[nodiscard]] absl::StatusOr<std::string> Find(const std::string& text);
  [[nodiscard]] absl::StatusOr<std::string> FindTrial(const std::string& text);
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> SweepsOf(const std::string& trial);

 private:
  struct Work;

  [[nodiscard]] absl::Status Complete(SweepView* sweep, bool canceled);
  [[nodiscard]] absl::StatusOr<Work> WorkOf(const SweepView& sweep);
  [[nodiscard]] absl::Status SetBest(SweepView* sweep);
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Column(const std::string& sql, const std::string& parameter);

  Queries& queries_;
};

}  // namespace plasa::store
