// What is durable of each noun: a row of the database, and what the core holds in memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/sweep/sweep.h"
#include "coordinator/core/model/fleet_commands.h"
#include "coordinator/core/model/replication.h"
#include "coordinator/core/model/states.h"

namespace plasa::coordinator {

struct SweepRecord {
  std::string id;
  int64_t position = 0;  // order of submission
  std::string name;
  std::string spec_json;
  std::string metric_name;
  std::string metric_goal;
  bool canceled = false;
  int64_t priority = 0;
  double created_unix_s = 0;
  Replication replication;
};

struct SweepMember {
  std::string trial;
  std::string cell;  // canonical JSON
};

struct TrialRecord {
  std::string id;
  int64_t position = 0;  // order of the queue
  int64_t seed = 0;
  std::string params_json;
  std::string trainer;
  std::string data_json;
  TrialLimits limits;
  TrialState state = TrialState::kQueued;
  Cause cause = Cause::kNone;  // of a trial that failed or was quarantined
  std::string message;         // for people: how its newest attempt ended
  bool admitted = false;
  bool valid = false;
  std::vector<std::string> invalid_reasons;
  std::map<Cause, int64_t> failures;  // consecutive attempts without a newer published checkpoint
  std::set<std::string> excluded;     // workers that a log rule keeps it from
  bool cancel_requested = false;      // its attempt is being stopped
  double queued_unix_s = 0;
};

// How the state that an attempt began with hangs together with step 0 (docs/science.md, "Resume certificate"). A chain
// holds, or an objection breaks it; neither: a trainer did not say what it loaded.
struct ResumeCertificate {
  std::string loaded;          // digest of the checkpoint that the attempt's start event names; empty: none
  int64_t from = 0;            // number of the attempt that published it; 0: none
  std::string hardware_class;  // as the start event says it
  std::string chain;           // SHA-256 over all links since step 0
  std::string objection;
};

// The newest published checkpoint of a trial, and the attempt that made it.
struct PublishedCheckpoint {
  CheckpointRef ref;
  uint64_t token = 0;
  std::string hardware_class;  // of the device
  int64_t number = 0;
  std::string build;
  std::string data_digest;
  ResumeCertificate certificate;
};

struct AttemptRecord {
  uint64_t token = 0;
  std::string trial;
  int64_t number = 0;  // 1-based within its trial
  AttemptState state = AttemptState::kLeased;
  std::string worker;
  int32_t slot = 0;
  Cause cause = Cause::kNone;
  std::string message;
  bool started = false;  // its start event came
  int64_t start_step = 0;
  int64_t last_step = 0;
  int64_t steps_total = 0;
  uint64_t acked_seq = 0;
  double created_unix_s = 0;
  double ended_unix_s = 0;  // 0 while it lives
  std::string hardware_class;
  std::string build;
  std::string data_digest;
  ResumeCertificate certificate;
  std::set<int32_t> audits_passed;
  std::set<int32_t> audits_failed;
  std::optional<ResultFacts> result;
};

struct WorkerRecord {
  std::string id;
  std::string name;
  std::string boot_id;
  std::string version;
  uint64_t session = 0;
  bool draining = false;
  bool gone = false;
  std::vector<WorkerSlot> slots;
  std::vector<std::string> trainers;
};

// One report of a metric.
struct MetricReport {
  int64_t step = 0;
  double value = 0;
};

// What a trial has reported of a sweep's metric in all its attempts, in the order of the reports.
struct TrialHistory {
  std::string sweep;
  std::string trial;
  std::vector<MetricReport> reports;
};

// What a sweep decided at one of its rungs. A decision is never taken back.
struct RungRecord {
  std::string sweep;
  int64_t rung = 0;   // the reports after which its cells were compared
  int64_t cells = 0;  // that were compared
  int64_t kept = 0;   // of them go on
  double worst_kept = 0;
  double decided_unix_s = 0;
  struct Pruned {
    std::string trial;
    double value = 0;  // its cell's, see Rungs
  };
  std::vector<Pruned> pruned;  // all trials of the other cells
};

// What trials are trained on, as artifacts: the listing named `digest`, and the files it names.
struct DataPackage {
  std::string digest;
  std::map<std::string, uint64_t> files;  // size by SHA-256, the listing among them
};

// What a mutating request of a user was answered.
struct ReplyRecord {
  std::string id;
  std::string body_sha256;
  std::string reply;
};

}  // namespace plasa::coordinator
