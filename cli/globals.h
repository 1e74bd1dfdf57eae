// Options that every verb takes.
#pragma once

#include <string>

#include "cli/remote/endpoint.h"

namespace plasa::cli {

struct Globals {
  CoordinatorFlags coordinator;
  std::string format = "table";
  std::string color = "auto";
  bool quiet = false;
  double timeout_s = 10;
};

}  // namespace plasa::cli
