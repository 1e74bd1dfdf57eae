// The user's data on their way to the workers: packed by digest, sent to the coordinator.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/remote/control_client.h"
#include "common/runtime/data_listing.h"

namespace plasa::cli {

struct DataPackage {
  DataListing listing;
  std::string text;    // of the listing
  std::string digest;  // of the text: names the package
  std::filesystem::path root;
  uint64_t bytes = 0;  // of all files
};

// Reads a folder (all its files, hidden ones left out) or a file (with its document sidecar FILE.docs, if there is one)
// and digests what is there. NOT_FOUND and INVALID_ARGUMENT name the path.
[[nodiscard]] absl::StatusOr<DataPackage> PackData(const std::filesystem::path& path);

// Sends what the coordinator lacks, the listing last. `on_file` is told of each file that is sent. FAILED_PRECONDITION
// when a file changed since it was packed.
[[nodiscard]] absl::Status UploadData(ControlClient& client, const DataPackage& package,
                                      const std::function<void(const DataFile&)>& on_file);

}  // namespace plasa::cli
