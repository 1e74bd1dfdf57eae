// One trial in the foreground: the trainer as this program's child, no coordinator and no worker.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "cli/output/interrupt.h"

namespace plasa::cli {

// What the trainer is to do: `params` and `data` as a worker would put them into spec.json.
struct TrainerTask {
  std::vector<std::string> command;  // the program, and what stands before the specification
  std::string trainer;               // its name
  std::string trial;
  boost::json::object params;
  boost::json::value data;
  int threads = 1;
};

// What it said. `stopped`: on_event wanted no more, or a signal came.
struct TrainerOutcome {
  bool stopped = false;
  std::string ending;  // "exit code 3", "signal 9"
  boost::json::object start;
  boost::json::object result;                    // empty: it gave none
  std::vector<boost::json::object> checkpoints;  // events, oldest first
  std::string log_tail;
};

// The command line of a trainer: plasa-trainer beside this program for "plasa", else what `known` ("NAME=PATH") says.
// INVALID_ARGUMENT and NOT_FOUND say how to name one.
[[nodiscard]] absl::StatusOr<std::vector<std::string>> TrainerCommand(const std::string& trainer,
                                                                      const std::vector<std::string>& known);

// Runs the task in `directory`, which is made, and returns when the trainer ended. `on_event` gets each line of
// events.jsonl; at its first false, or the first signal, the trainer is told to leave (SIGTERM, at the second SIGKILL).
[[nodiscard]] absl::StatusOr<TrainerOutcome> RunTrainer(
    const TrainerTask& task, const std::filesystem::path& directory, const Interrupt& interrupt,
    absl::FunctionRef<bool(const boost::json::object& event)> on_event);

// A directory of its own below the system's temporary one; removed with the object.
class ScratchDirectory {
 public:
  // RESOURCE_EXHAUSTED where none can be made.
  [[nodiscard]] static absl::StatusOr<ScratchDirectory> Make();
  ScratchDirectory(ScratchDirectory&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace plasa::cli
