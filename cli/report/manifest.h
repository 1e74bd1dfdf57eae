// manifest.json: where a result tree comes from and what happened on the way.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// `results_sha256` is the digest of results.csv.
[[nodiscard]] boost::json::object ManifestJson(const plasa::v1::GetResultsReply& results,
                                               const std::string& results_sha256);

}  // namespace plasa::cli
