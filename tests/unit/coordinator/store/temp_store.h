// A database in a directory of its own.
#pragma once

#include <stdexcept>
#include <string>

#include "coordinator/store/database_file.h"
#include "temp_dir.h"

namespace plasa::store {

class TempStore {
 public:
  [[nodiscard]] std::string dir() const { return dir_.path(); }
  // Throws when the database cannot be opened.
  [[nodiscard]] Connection Open() const {
    auto connection = OpenDatabase(dir());
    if (!connection.ok()) throw std::runtime_error(std::string(connection.status().message()));
    return *std::move(connection);
  }

 private:
  TempDir dir_;
};

}  // namespace plasa::store
