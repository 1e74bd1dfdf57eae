// The files of a report and their digests.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <map>
#include <string>

#include "absl/status/status.h"

namespace plasa::cli {

// Writes files below a root and remembers what is in them. The first write that fails is kept; those after it are not
// tried.
class ResultTree {
 public:
  explicit ResultTree(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] const absl::Status& status() const { return status_; }

  // `name` is relative to the root, with '/'.
  void Write(const std::string& name, const std::string& text);
  // A file that another program wrote there.
  void Add(const std::string& name);

  // {NAME: SHA-256}, by name.
  [[nodiscard]] boost::json::object Digests() const;

 private:
  const std::filesystem::path root_;
  absl::Status status_;
  std::map<std::string, std::string> digests_;
};

}  // namespace plasa::cli
