#include "coordinator/store/artifact_references.h"

namespace plasa::store {

absl::StatusOr<std::set<std::string>> ReferencedArtifacts(Queries& queries) {
  std::set<std::string> digests;
  absl::Status read = queries.Each(
      "SELECT digest FROM checkpoints UNION SELECT sha256 FROM checkpoint_files UNION SELECT sha256 FROM data_files",
      {}, [&](const Statement& row) {
        digests.insert(row.Text(0));
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return digests;
}

}  // namespace plasa::store
