#include "coordinator/data_hold.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/data_listing.h"

namespace plasa {
namespace {

constexpr uint64_t kMostListingBytes = 4 << 20;

absl::Status Missing(const std::string& digest, const std::string& what) {
  return absl::FailedPreconditionError(
      absl::StrCat("plasa.data.artifact ", digest, ": ", what,
                   " is not stored here (plasactl submit sends data that a sweep names by `path`)"));
}

absl::StatusOr<std::string> ReadListing(const Artifacts& artifacts, const std::string& digest) {
  std::string text;
  for (uint64_t size = 1; text.size() < size;) {
    absl::StatusOr<Artifacts::Chunk> chunk = artifacts.Get(digest, text.size(), 0);
    if (absl::IsNotFound(chunk.status())) return Missing(digest, "it");
    if (!chunk.ok()) return chunk.status();
    size = chunk->size;
    if (size > kMostListingBytes || (chunk->data.empty() && size > 0))
      return absl::InvalidArgumentError(absl::StrCat("plasa.data.artifact ", digest, " is no data package"));
    text += chunk->data;
  }
  return text;
}

}  // namespace

DataHold::DataHold(Artifacts& artifacts, coordinator::DataPackage package)
    : artifacts_(&artifacts), package_(std::move(package)) {
  for (const auto& [sha256, size] : package_.files) digests_.push_back(sha256);
  artifacts_->Pin(digests_);
}

DataHold::DataHold(DataHold&& other) noexcept
    : artifacts_(std::exchange(other.artifacts_, nullptr)),
      package_(std::move(other.package_)),
      digests_(std::move(other.digests_)) {}

DataHold::~DataHold() {
  if (artifacts_ != nullptr) artifacts_->Unpin(digests_);
}

std::string ArtifactOf(const Value& data) {
  if (!data.Is<Value::Object>()) return "";
  const Value::Object& object = data.As<Value::Object>();
  const auto artifact = object.find("artifact");
  return artifact == object.end() ? "" : artifact->second.As<std::string>();
}

absl::StatusOr<DataHold> HoldData(Artifacts& artifacts, const std::string& digest) {
  const absl::StatusOr<std::string> text = ReadListing(artifacts, digest);
  if (!text.ok()) return text.status();
  const absl::StatusOr<DataListing> listing = ParseListing(*text);
  if (!listing.ok())
    return absl::InvalidArgumentError(absl::StrCat("plasa.data.artifact ", digest, ": ", listing.status().message()));
  coordinator::DataPackage package{digest, {{digest, text->size()}}};
  for (const DataFile& file : listing->files) package.files[file.sha256] = file.size;
  DataHold hold(artifacts, std::move(package));
  for (const DataFile& file : listing->files) {
    if (!artifacts.Has(file.sha256, file.size)) return Missing(digest, file.name);
  }
  return hold;
}

}  // namespace plasa
