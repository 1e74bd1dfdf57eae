// Checkpoints on this machine's disk: complete and equal to their digests, or not there.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plasa/v1/model.pb.h"

namespace plasa::worker {

inline constexpr const char* kManifest = "MANIFEST";

[[nodiscard]] absl::StatusOr<std::string> FileSha256(const std::string& path);

// OK when the file has that digest; else DATA_LOSS naming it.
[[nodiscard]] absl::Status VerifyFile(const std::string& path, const std::string& sha256);

// OK when `dir` holds MANIFEST and every file of `checkpoint` with exactly these sizes and digests; else DATA_LOSS
// naming the file.
[[nodiscard]] absl::Status VerifyCheckpoint(const std::string& dir, const v1::Checkpoint& checkpoint);

// A verified copy of `checkpoint` in some other attempt's directory under `attempts_dir`; nullopt when there is none.
[[nodiscard]] std::optional<std::string> FindCheckpoint(const std::string& attempts_dir, const std::string& trial,
                                                        const v1::Checkpoint& checkpoint);

// Hard links (copies, where that fails) the checkpoint's files into `to`, which is made.
[[nodiscard]] absl::Status LinkCheckpoint(const std::string& from, const std::string& to,
                                          const v1::Checkpoint& checkpoint);

}  // namespace plasa::worker
