// The nouns of the wire as the JSON of docs/http-api.md, so that `-o json` and the HTTP API show the same shapes.
#pragma once

#include <boost/json/object.hpp>

#include "plasa/v1/control.pb.h"

namespace plasa::cli {

[[nodiscard]] boost::json::object SweepJson(const plasa::v1::Sweep& sweep);
[[nodiscard]] boost::json::object TrialJson(const plasa::v1::Trial& trial);
[[nodiscard]] boost::json::object AttemptJson(const plasa::v1::Attempt& attempt);
[[nodiscard]] boost::json::object WorkerJson(const plasa::v1::WorkerView& worker);

}  // namespace plasa::cli
