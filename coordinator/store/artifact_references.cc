#include "coordinator/store/artifact_references.h"

#include "absl/strings/str_cat.h"

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

std::string ArtifactPath(const std::string& root, const std::string& sha256) {
  return absl::StrCat(root, "/", sha256.substr(0, 2), "/", sha256);
}

}  // namespace plasa::store
