// A directory a trial, with a name that people can read.
#pragma once

#include <map>
#include <string>

#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// By trial id: <schedule and other swept factors>/seq_<L>/seed_<k>; where two would have the same name, the id follows.
[[nodiscard]] std::map<std::string, std::string> RunNames(const plasa::v1::GetSweepReply& sweep);

}  // namespace plasa::cli
