// A data package: a folder or a file of a user's, as digests. Its listing is an artifact like its files; the digest of
// the listing names the package.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace plasa {

struct DataFile {
  std::string name;  // relative to the folder, with '/'
  uint64_t size = 0;
  std::string sha256;
};

struct DataListing {
  std::string file;             // the one file that is meant; empty: the folder
  std::vector<DataFile> files;  // by growing name
};

inline constexpr size_t kMostDataFiles = 10'000;

// Canonical JSON: equal listings give equal text.
[[nodiscard]] std::string ListingText(const DataListing& listing);

// INVALID_ARGUMENT for what is no listing, for names that leave the folder, and for more than kMostDataFiles.
[[nodiscard]] absl::StatusOr<DataListing> ParseListing(const std::string& text);

}  // namespace plasa
