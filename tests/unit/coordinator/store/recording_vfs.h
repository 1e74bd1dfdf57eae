// SQLite's door to the file system, with a record of what went through it.
#pragma once

#include <cstddef>
#include <vector>

#include "recorded_disk.h"

namespace plasa::store {

// While it lives every database is opened through it. It hands everything on to SQLite's own "unix" door and notes what
// is done to databases, rollback journals and -wal files; -shm files are memory, which a power cut takes anyway. Files
// are told apart by their names alone, so record one directory at a time. One object at a time; thread-safe.
class RecordingVfs {
 public:
  RecordingVfs();
  ~RecordingVfs();
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;

  // Operations since the last Take.
  [[nodiscard]] size_t size() const;
  [[nodiscard]] std::vector<DiskOperation> Take();
};

}  // namespace plasa::store
