#include "cli/foreground/packaged_data.h"

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/remote/state_dir.h"
#include "common/base/sha256.h"
#include "common/runtime/artifact_path.h"
#include "common/runtime/data_listing.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::string> ReadArtifact(const fs::path& artifacts, const std::string& digest) {
  if (!IsSha256Hex(digest)) return absl::InvalidArgumentError(absl::StrCat("data.artifact: ", digest, " is no digest"));
  auto text = ReadFile(ArtifactPath(artifacts.string(), digest));
  if (!text.ok()) {
    return Failure(absl::StatusCode::kNotFound, absl::StrCat("its data (", digest, ") are not on this machine"),
                   "run this on the coordinator's machine, with --state DIR");
  }
  if (Sha256Hex(*text) == digest) return text;
  return Failure(absl::StatusCode::kDataLoss, absl::StrCat("its data (", digest, ") are damaged"),
                 "put them back from a backup");
}

}  // namespace

absl::StatusOr<boost::json::object> UnpackData(boost::json::object data, const fs::path& artifacts,
                                               const fs::path& to) {
  const boost::json::value* package = data.if_contains("artifact");
  if (package == nullptr || !package->is_string()) return data;
  const auto text = ReadArtifact(artifacts, std::string(package->get_string()));
  if (!text.ok()) return text.status();
  const auto listing = ParseListing(*text);
  if (!listing.ok()) return listing.status();
  for (const DataFile& file : listing->files) {
    const auto bytes = ReadArtifact(artifacts, file.sha256);
    if (!bytes.ok()) return bytes.status();
    if (absl::Status status = WriteFile(to / file.name, *bytes); !status.ok()) return status;
  }
  data.erase("artifact");
  data["path"] = (to / listing->file).lexically_normal().string();
  return data;
}

}  // namespace plasa::cli
