// Data packages on this machine: DATA/<digest of the listing>/{LISTING,files/...}.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "plasa/v1/fleet.pb.h"
#include "worker/artifact_door.h"

namespace plasa::worker {

// The digest of the package that the lease's data name; empty when they name none.
[[nodiscard]] std::string PackageOf(const v1::Lease& lease);

// Where the package's folder or file lies: what is here is checked against its digests, what is not is fetched. A
// package is there whole or not at all. DATA_LOSS when what the coordinator sends is not what was named. On the
// transferring thread alone.
[[nodiscard]] absl::StatusOr<std::string> FetchData(const ArtifactDoor& door, const std::string& data_dir,
                                                    const std::string& digest, const Wanted& wanted);

// Removes packages that no attempt has asked for in 30 days, and what was left of fetches that were cut off.
void RemoveOldData(const std::string& data_dir);

}  // namespace plasa::worker
