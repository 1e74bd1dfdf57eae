// Stored files, addressed by their digest: DIR/artifacts/<first two digits>/<sha256>; uploads grow in
// DIR/artifacts/partial.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace plasa {

// A file that is there is complete, verified and fsynced. A chunk can be sent again, and an upload goes on where it
// stopped, also after a restart. Thread-safe: chunks of one file are taken one at a time, of different files side by
// side.
class Artifacts {
 public:
  struct Progress {
    uint64_t next_offset = 0;  // where to go on
    bool complete = false;
  };
  struct Chunk {
    std::string data;
    uint64_t size = 0;  // of the whole file
  };

  // Files above `max_bytes` are refused.
  Artifacts(std::string root, uint64_t max_bytes) : root_(std::move(root)), max_bytes_(max_bytes) {}

  // Makes the directories, removes uploads older than a day and files that `referenced` does not name.
  [[nodiscard]] absl::Status Open(const std::set<std::string>& referenced);

  // Appends `data` when `offset` is where the upload stands; else only says where it stands: before the end of the
  // file, unless it is complete. INVALID_ARGUMENT for a digest, size or range that cannot be, DATA_LOSS when the whole
  // does not have its digest (the upload begins again), RESOURCE_EXHAUSTED for a full disk.
  [[nodiscard]] absl::StatusOr<Progress> Put(const std::string& sha256, uint64_t size, uint64_t offset,
                                             absl::string_view data);

  // At most `max_bytes` from `offset`; empty data at the end. NOT_FOUND when it is not (completely) there.
  [[nodiscard]] absl::StatusOr<Chunk> Get(const std::string& sha256, uint64_t offset, uint32_t max_bytes) const;

  [[nodiscard]] bool Has(const std::string& sha256) const;
  // The same for a file whose size is known.
  [[nodiscard]] bool Has(const std::string& sha256, uint64_t size) const;

  // Files are not removed while they are pinned: from the check that they are there until the row that names them is
  // durable.
  void Pin(const std::vector<std::string>& digests);
  void Unpin(const std::vector<std::string>& digests);
  // Removes files whose last row is gone; pinned ones stay until the next start.
  void Remove(const std::vector<std::string>& digests);

 private:
  // One upload at a time a digest.
  class Turn;

  [[nodiscard]] std::string PathOf(const std::string& sha256) const;
  [[nodiscard]] std::string PartialOf(const std::string& sha256, uint64_t size) const;
  // Makes the whole upload in `partial` the stored file.
  [[nodiscard]] absl::Status Finish(const std::string& sha256, const std::string& partial) const;
  void RemoveOldUploads() const;
  void RemoveOrphans(const std::set<std::string>& referenced) const;

  const std::string root_;
  const uint64_t max_bytes_;

  std::mutex mutex_;  // guards what follows
  std::set<std::string> busy_;
  std::map<std::string, int> pins_;
};

}  // namespace plasa
