// Follows an events.jsonl that a trainer is writing.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/functional/function_ref.h"

namespace plasa::cli {

class EventReader {
 public:
  explicit EventReader(const std::filesystem::path& file) : file_(file, std::ios::binary) {}

  // Gives every line that has come since the last call; one without its newline is not there yet, one that is no JSON
  // object is passed over.
  void Read(absl::FunctionRef<void(const boost::json::object& event)> use);

 private:
  std::ifstream file_;
  std::string rest_;  // the beginning of a line
};

}  // namespace plasa::cli
