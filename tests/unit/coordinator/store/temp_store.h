// A database in a directory of its own.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "coordinator/store/database_file.h"
#include "coordinator/store/queries.h"

namespace plasa::store {

class TempStore {
 public:
  TempStore() {
    std::string pattern = std::filesystem::temp_directory_path() / "plasa-store-XXXXXX";
    dir_ = mkdtemp(pattern.data());
  }
  ~TempStore() { std::filesystem::remove_all(dir_); }
  TempStore(const TempStore&) = delete;
  TempStore& operator=(const TempStore&) = delete;

  [[nodiscard]] const std::string& dir() const { return dir_; }
  // Fails the test when the database cannot be opened.
  [[nodiscard]] Connection Open() const {
    auto connection = OpenDatabase(dir_);
    if (!connection.ok()) throw std::runtime_error(std::string(connection.status().message()));
    return *std::move(connection);
  }

 private:
  std::string dir_;
};

}  // namespace plasa::store
