// Data by digest, for a trainer that runs without a worker.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>

#include "absl/status/statusor.h"

namespace plasa::cli {

// `data` as a trainer takes it: where it names a package by digest, the package is copied from the coordinator's
// `artifacts` to `to`, each file checked, and named by its path. NOT_FOUND where a file is not there, DATA_LOSS where
// it is damaged.
[[nodiscard]] absl::StatusOr<boost::json::object> UnpackData(boost::json::object data,
                                                             const std::filesystem::path& artifacts,
                                                             const std::filesystem::path& to);

}  // namespace plasa::cli
