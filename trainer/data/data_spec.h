// What a run is asked to train on: the `data` object of spec.json, checked.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "common/base/result.h"
#include "common/base/value.h"
#include "trainer/data/tasks.h"

namespace plasa::trainer {

// A corpus plasa knows by name. `automatic` takes kjv where it is installed and a synthetic task elsewhere.
enum class Corpus { kKjv, kSotu, kAutomatic };

// A file or a folder of the user's.
enum class FileFormat { kDetect, kText, kBytes, kLlmc, kHeaderless };
struct DataPath {
  std::string path;
  FileFormat format = FileFormat::kDetect;
  int64_t eot_id = -1;      // documents end after this id; -1: sidecar, or one document
  std::string sha256 = {};  // of the file, when all workers must read the same; empty: not checked
};

using DataSpec = std::variant<Corpus, DataPath, TaskSpec>;

// Reads the `data` object. Keys: exactly one of corpus | path | shared_path | task; both paths take format and eot_id,
// a shared_path needs its sha256, a task takes the sizes of TaskSpec. Every other key is refused by name. Sizes are
// checked against the window length when the data are opened.
[[nodiscard]] Result<DataSpec> ParseDataSpec(const Value& data);

}  // namespace plasa::trainer
