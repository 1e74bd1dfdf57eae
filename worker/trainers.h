// What this worker may run: its allow-list of trainers, and the places they run in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plasa/v1/model.pb.h"
#include "worker/attempt_dir.h"
#include "worker/shim/words.h"

namespace plasa::worker {

// Constant after start.
class Trainers {
 public:
  static constexpr const char* kBuiltIn = "plasa";

  // `program` is plasa-trainer's path; may be empty.
  explicit Trainers(const std::string& program) {
    if (!program.empty()) programs_[kBuiltIn] = program;
  }
  // "NAME=/path/to/program". INVALID_ARGUMENT when it is not that, or the program cannot be run.
  [[nodiscard]] absl::Status Add(const std::string& entry);
  [[nodiscard]] std::vector<std::string> Names() const;
  // The whole command line; nullopt when the name is not on the list.
  [[nodiscard]] std::optional<shim::Words> CommandFor(const std::string& name, const std::string& spec_path) const;

 private:
  std::map<std::string, std::string> programs_;
};

// A slot as the coordinator sees it, and as a trainer is told.
struct SlotPlace {
  v1::Device device;
  Place place;
};

// `slots` places (0 = as many as the machine has: one a GPU, else one a core) from what `plasa-trainer probe` printed;
// places on the CPU when it found nothing better or printed nothing useful.
[[nodiscard]] std::vector<SlotPlace> PlacesFrom(const std::string& probe_json, int slots, int cores);

// Standard output of `program probe`; empty with a note in `why` when it fails or takes longer than a minute.
[[nodiscard]] std::string RunProbe(const std::string& program, std::string& why);

}  // namespace plasa::worker
