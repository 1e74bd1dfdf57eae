// Data packages of sweeps: taken only when each of their files is stored.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/value.h"
#include "coordinator/artifacts.h"
#include "coordinator/core/model/records.h"

namespace plasa {

// Keeps the files of a package from being removed, until the row that names them is durable. Move-only.
class DataHold {
 public:
  DataHold(Artifacts& artifacts, coordinator::DataPackage package);
  DataHold(DataHold&& other) noexcept;
  DataHold& operator=(DataHold&&) = delete;
  ~DataHold();
  [[nodiscard]] const coordinator::DataPackage& package() const { return package_; }

 private:
  Artifacts* artifacts_;
  coordinator::DataPackage package_;
  std::vector<std::string> digests_;
};

// Empty unless `data` names an artifact.
[[nodiscard]] std::string ArtifactOf(const Value& data);

// The package whose listing is the artifact `digest`. FAILED_PRECONDITION when the listing or a file of it is not
// stored (yet), INVALID_ARGUMENT when the artifact is no listing.
[[nodiscard]] absl::StatusOr<DataHold> HoldData(Artifacts& artifacts, const std::string& digest);

}  // namespace plasa
