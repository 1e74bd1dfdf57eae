// How the seeds of a sweep came and come about.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plasa::coordinator {

// Seeds that were added to cells of a sweep after it was submitted.
struct AddedSeeds {
  double at_unix_s = 0;
  std::vector<int64_t> seeds;
  int64_t cells = 0;
  std::string why;  // a sentence
  friend bool operator==(const AddedSeeds&, const AddedSeeds&) = default;
};

// Of one sweep.
struct Replication {
  bool open = false;  // replicate: until_decided, and not stopped: the sweep goes on although all its trials have ended
  std::vector<AddedSeeds> added;  // oldest first
  std::string stopped;            // why an open one stopped
  friend bool operator==(const Replication&, const Replication&) = default;
};

}  // namespace plasa::coordinator
