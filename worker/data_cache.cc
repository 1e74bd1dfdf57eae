#include "worker/data_cache.h"

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/runtime/data_listing.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/json.h"
#include "worker/checkpoint_files.h"
#include "worker/json_file.h"

namespace plasa::worker {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* kListing = "/LISTING";
constexpr const char* kFiles = "/files";
constexpr const char* kPartial = "partial-";
constexpr auto kKeptFor = std::chrono::hours(24 * 30);

absl::StatusOr<DataListing> ReadListing(const std::string& package, const std::string& digest) {
  if (absl::Status checked = VerifyFile(package + kListing, digest); !checked.ok()) return checked;
  const absl::StatusOr<std::string> text = ReadWholeFile(package + kListing);
  return text.ok() ? ParseListing(*text) : text.status();
}

std::string PathIn(const std::string& package, const DataListing& listing) {
  return listing.file.empty() ? package + kFiles : absl::StrCat(package, kFiles, "/", listing.file);
}

// Where the package lies, if it is here and whole.
absl::StatusOr<std::string> FindData(const std::string& package, const std::string& digest) {
  const absl::StatusOr<DataListing> listing = ReadListing(package, digest);
  if (!listing.ok()) return listing.status();
  for (const DataFile& file : listing->files) {
    absl::Status checked = VerifyFile(absl::StrCat(package, kFiles, "/", file.name), file.sha256);
    if (!checked.ok()) return checked;
  }
  std::error_code error;
  fs::last_write_time(package, fs::file_time_type::clock::now(), error);
  return PathIn(package, *listing);
}

absl::Status FetchFile(const ArtifactDoor& door, const DataFile& file, const std::string& files, const Wanted& wanted) {
  const std::string path = absl::StrCat(files, "/", file.name);
  if (absl::Status made = MakeDirectories(fs::path(path).parent_path().string()); !made.ok()) return made;
  if (absl::Status got = door.Receive(file.sha256, path, wanted); !got.ok()) return got;
  return VerifyFile(path, file.sha256);
}

absl::Status FetchInto(const ArtifactDoor& door, const std::string& package, const std::string& digest,
                       const Wanted& wanted) {
  if (absl::Status made = MakeDirectories(package + kFiles); !made.ok()) return made;
  if (absl::Status got = door.Receive(digest, package + kListing, wanted); !got.ok()) return got;
  const absl::StatusOr<DataListing> listing = ReadListing(package, digest);
  if (!listing.ok()) return listing.status();
  for (const DataFile& file : listing->files) {
    if (absl::Status got = FetchFile(door, file, package + kFiles, wanted); !got.ok()) return got;
  }
  return absl::OkStatus();
}

}  // namespace

std::string PackageOf(const v1::Lease& lease) {
  const absl::StatusOr<json::value> data = ParseJson(lease.data_json());
  return !data.ok() || !data->is_object() ? "" : TextOr(data->get_object(), "artifact", "");
}

absl::StatusOr<std::string> FetchData(const ArtifactDoor& door, const std::string& data_dir, const std::string& digest,
                                      const Wanted& wanted) {
  if (!IsSha256Hex(digest)) return absl::InvalidArgumentError("the lease's data.artifact is no SHA-256");
  const std::string package = absl::StrCat(data_dir, "/", digest),
                    partial = absl::StrCat(data_dir, "/", kPartial, digest);
  if (auto found = FindData(package, digest); found.ok()) return found;
  std::error_code error;
  fs::remove_all(partial, error);
  if (absl::Status got = FetchInto(door, partial, digest, wanted); !got.ok()) return got;
  fs::remove_all(package, error);  // damaged, or it would have been found
  fs::rename(partial, package, error);
  if (error) return absl::ResourceExhaustedError(absl::StrCat("cannot rename ", partial, ": ", error.message()));
  return FindData(package, digest);
}

void RemoveOldData(const std::string& data_dir) {
  std::error_code error;
  const auto limit = fs::file_time_type::clock::now() - kKeptFor;
  for (const fs::directory_entry& entry : fs::directory_iterator(data_dir, error)) {
    std::error_code none;
    const bool partial = absl::StartsWith(entry.path().filename().string(), kPartial);
    if (partial || entry.last_write_time(none) < limit) fs::remove_all(entry.path(), none);
  }
}

}  // namespace plasa::worker
