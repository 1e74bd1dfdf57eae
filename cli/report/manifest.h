// manifest.json: where a result tree comes from and what happened on the way.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// The code and the machine that made the report, what the attempts ran with and met, and the digest of results.csv,
// `results_sha256`.
[[nodiscard]] boost::json::object ManifestJson(const plasa::v1::GetResultsReply& results,
                                               const std::string& results_sha256);

}  // namespace plasa::cli
