// plasa-worker's command line.
#pragma once

#include <string>
#include <vector>

namespace plasa::worker {

struct Options {
  std::string state;
  std::string coordinator;            // empty: from STATE/endpoints.json
  std::string token_file;             // empty: STATE/tokens/worker
  std::string name;                   // empty: the host's
  int slots = 0;                      // 0: one a GPU, else one a core
  std::vector<std::string> trainers;  // NAME=PATH
  std::string trainer_binary;         // empty: plasa-trainer beside this program
  std::string artifact_root;          // shared with the coordinator; empty: files travel through it
  std::string shim;                   // empty: plasa-shim beside this program
  bool leave_trainers = false;        // SIGTERM and SIGINT leave the trainers running
};

// Parses argv. False when the program should leave with `exit_code` at once (help, version, a usage error: already
// said).
[[nodiscard]] bool ParseOptions(int argc, char** argv, Options* options, int* exit_code);

}  // namespace plasa::worker
