// Resumable saved state of an attempt: checkpoints/step-<n>/ with model.safetensors, optim.safetensors, state.json and
// MANIFEST.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"
#include "trainer/model/model.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {

// A file of a checkpoint.
struct CheckpointFile {
  std::string name;
  int64_t size = 0;
  std::string sha256;
};

// A complete checkpoint on the disk.
struct Checkpoint {
  std::string path;    // relative to the attempt's directory: "checkpoints/step-50"
  std::string digest;  // SHA-256 of MANIFEST
  int64_t step = 0;
  int64_t events_seq = 0;  // last event of that step
  std::vector<CheckpointFile> files;
  [[nodiscard]] Value FilesValue() const;
};

// Writes a checkpoint under `dir`: files into a temporary directory, each fsynced, renamed into place, then MANIFEST. A
// checkpoint with a MANIFEST is complete; the one before it is kept, older ones are removed. `state` is what goes into
// state.json.
[[nodiscard]] Result<Checkpoint> SaveCheckpoint(const std::filesystem::path& dir, int64_t step, int64_t events_seq,
                                                const Model& model, const Adam& optimiser, const Value& state);

// Reads the checkpoint at `dir`/`path` into `model` and `optimiser` and returns its state.json. Fails, changing
// nothing, unless the MANIFEST has this digest and names every file, each file has its SHA-256, and each tensor the
// name, shape and type this run expects.
[[nodiscard]] Result<Value> LoadCheckpoint(const std::filesystem::path& dir, const std::string& path,
                                           const std::string& digest, const Model& model, Adam& optimiser);

}  // namespace plasa::trainer
