// The files of one attempt's directory that the daemon reads and writes (docs/trainer-interface.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "plasa/v1/fleet.pb.h"
#include "worker/core/cause.h"
#include "worker/shim/process_identity.h"

namespace plasa::worker {

// What a restarted daemon needs to know of an attempt; the lease's part of spec.json.
struct AttemptKey {
  uint64_t token = 0;
  std::string trial;
  int slot = 0;
  uint64_t timeout_ms = 0;  // 0 = none
  std::string trainer;
};

// Where the trainer runs.
struct Place {
  std::string device;  // "cpu", "cuda:0"
  int threads = 1;
};

// Makes the directory with an empty events.jsonl, so that it can be watched before the trainer opens it.
[[nodiscard]] absl::Status MakeAttemptDir(const std::string& dir);
// spec.json. `data_path`: where the data package lies that the lease names; empty where it names none. INVALID_ARGUMENT
// when the lease's parameters or data are not JSON objects.
[[nodiscard]] absl::Status WriteSpec(const std::string& dir, const v1::Lease& lease, const Place& place,
                                     const std::string& data_path);
[[nodiscard]] std::optional<AttemptKey> ReadKey(const std::string& dir);
[[nodiscard]] std::optional<core::Exit> ReadExit(const std::string& dir);
[[nodiscard]] std::optional<shim::ProcessIdentity> ReadTrainer(const std::string& dir);

// A settled attempt is never reported again: the coordinator has its end, or does not want it.
void MarkSettled(const std::string& dir);
[[nodiscard]] bool IsSettled(const std::string& dir);

// The end of output.log.
struct LogEnd {
  uint64_t offset = 0;  // of `text` in the file
  std::string text;
};
// The last `max_bytes`, from the beginning of a line, as valid UTF-8 of the same length.
[[nodiscard]] LogEnd LogTail(const std::string& dir, size_t max_bytes);

// Trial ids and the like become file names: 1 to 64 letters, digits, '-' or '_'.
[[nodiscard]] bool IsPlainName(const std::string& name);

}  // namespace plasa::worker
