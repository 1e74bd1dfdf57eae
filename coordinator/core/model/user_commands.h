// What users ask of the core, as plain structs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/core/model/fleet_commands.h"

namespace plasa {

// What makes a mutating call repeatable: the same id and body hash gets the same answer, the same id with another body
// is ABORTED. An empty id asks for nothing.
struct RequestTag {
  std::string id;
  std::string body_sha256;
};

struct SubmitCommand {
  RequestTag tag;
  std::string spec_text;  // a sweep file: YAML or canonical JSON
};
struct SubmitOutcome {
  std::string sweep_id;
  uint32_t trials = 0;    // of the sweep; where seeds are added, those that are new to it
  uint32_t created = 0;   // trials that did not exist before
  uint32_t requeued = 0;  // failed or canceled ones
};

struct PlanOutcome {
  uint32_t trials = 0;
  uint32_t existing = 0;
  double expected_s = -1;  // negative while no trial of its kind has ended here
};

struct CancelCommand {
  RequestTag tag;
  bool is_sweep = false;
  std::string id;  // whole id of a sweep or a trial
};
struct CancelOutcome {
  uint32_t canceled = 0;
  uint32_t kept = 0;  // trials that another live sweep still wants
};

struct RetryCommand {
  RequestTag tag;
  bool is_sweep = false;
  std::string id;  // whole id of a sweep or a trial
};
struct RetryOutcome {
  uint32_t trials = 0;    // that were looked at
  uint32_t requeued = 0;  // of them, queued again
};

// What is decided about a sweep's seeds. The core gets the trials beside it (core/submission.h).
struct AddSeedsCommand {
  RequestTag tag;
  std::string sweep;            // whole id
  std::string spec_json;        // its text
  std::set<std::string> cells;  // canonical JSON of those that get the seeds; empty: all
  uint64_t known = 0;           // how many times seeds had been added to it when this was decided
  std::vector<int64_t> seeds;   // none: the rule stops
  std::string why;
  bool by_rule = false;  // of replicate: until_decided, not of a user
};
struct DrainCommand {
  RequestTag tag;
  std::string worker;
  bool undo = false;
};

struct WorkerSlotView {
  int32_t index = 0;
  WorkerDevice device;
  std::string trial;  // empty = idle
};
struct WorkerView {
  std::string id;
  std::string name;
  std::string state;    // online | silent | draining | gone
  double silent_s = 0;  // since its last sign of life
  std::string version;
  std::vector<WorkerSlotView> slots;
  std::vector<std::string> trainers;
};

// What only the core knows about trials, because it depends on the time that passes.
struct TrialJudgement {
  bool suspect = false;
  std::string explain;  // one sentence: why it is where it is
};
struct Judgements {
  std::map<std::string, TrialJudgement> trials;       // the ones asked for
  std::map<std::string, uint32_t> suspects_of_sweep;  // of all sweeps that have any
};

}  // namespace plasa
