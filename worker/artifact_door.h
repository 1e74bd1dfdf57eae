// How files by digest get from this machine to the coordinator and back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "worker/fleet.h"

namespace plasa::worker {

// False = nobody waits for this transfer any more.
using Wanted = std::function<bool()>;

// On the transferring thread. Retries while the coordinator is away.
class ArtifactDoor {
 public:
  // `shared`: the directory of the coordinator's artifacts as this machine sees it; empty where it does not.
  ArtifactDoor(Fleet& fleet, std::string shared) : fleet_(fleet), shared_(std::move(shared)) {}

  // From where the coordinator says the upload left off; where the directory is shared, straight into it. DATA_LOSS
  // when the file is not what was announced, CANCELLED when not wanted any more.
  [[nodiscard]] absl::Status Send(uint64_t token, const std::string& path, const std::string& sha256,
                                  const Wanted& wanted) const;
  // Whether what came has its digest is for the caller. NOT_FOUND where nobody has it.
  [[nodiscard]] absl::Status Receive(const std::string& sha256, const std::string& path, const Wanted& wanted) const;

 private:
  // As the coordinator keeps its artifacts: renamed when it is whole and synced.
  [[nodiscard]] absl::Status Place(uint64_t token, const std::string& path, const std::string& sha256) const;
  // Twice where the digest is wrong: what the coordinator kept of an earlier upload may have lost bytes in a power cut,
  // and it forgets what is wrong.
  [[nodiscard]] absl::Status Upload(uint64_t token, const std::string& path, const std::string& sha256,
                                    const Wanted& wanted) const;
  [[nodiscard]] absl::Status UploadOnce(uint64_t token, const std::string& path, const std::string& sha256,
                                        const Wanted& wanted) const;
  [[nodiscard]] absl::Status Download(const std::string& sha256, const std::string& path, const Wanted& wanted) const;

  Fleet& fleet_;
  const std::string shared_;
};

}  // namespace plasa::worker
