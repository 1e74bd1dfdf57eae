// The machine and the program that made a report.
#pragma once

#include <boost/json/object.hpp>

namespace plasa::cli {

// {"host", "cpu", "cpus", "system", "libraries": {NAME: VERSION}}. What the trials ran on and with stands with their
// attempts (hardware class, build).
[[nodiscard]] boost::json::object EnvironmentJson();

// {"commit", "dirty", "diff_sha256"} of the source that this program was built from; null where nobody knows.
[[nodiscard]] boost::json::object CodeJson();

}  // namespace plasa::cli
