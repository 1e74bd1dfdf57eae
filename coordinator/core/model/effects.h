// What a decision of the core asks its shell to do: write, then tell.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/core/model/records.h"

namespace plasa::coordinator {

// One change of the database each. Put replaces the whole row.
struct PutSweep {
  SweepRecord sweep;
};
struct PutMembers {
  std::string sweep;
  int64_t first = 0;                 // place of the first of them, behind those that are there
  std::vector<SweepMember> members;  // in grid order
};
struct PutTrial {
  TrialRecord trial;
};
struct PutAttempt {
  AttemptRecord attempt;
};
struct PutWorker {
  WorkerRecord worker;
};
struct PutCheckpoint {
  std::string trial;
  PublishedCheckpoint checkpoint;
};
struct DropCheckpoint {
  std::string trial;
};
// Points go to their series, the rest to the attempt's events.
struct AppendEvents {
  uint64_t token = 0;
  std::string trial;
  std::vector<TrainerEvent> events;
};
struct AppendLog {
  LogPiece piece;
};
// The files of a data package, its listing among them: artifacts that are kept from now on.
struct PutData {
  DataPackage data;
};
struct PutRung {
  RungRecord rung;
};
// Changes nothing: what the trial has reported of the metric so far, this transaction's events included, is wanted in a
// Core::OnHistory.
struct AskHistory {
  std::string sweep;
  std::string trial;
  std::string metric;
};
struct PutReply {
  ReplyRecord reply;
};
struct DropReply {
  std::string id;
};
using Write = std::variant<PutSweep, PutMembers, PutTrial, PutAttempt, PutWorker, PutCheckpoint, DropCheckpoint,
                           AppendEvents, AppendLog, PutData, PutRung, AskHistory, PutReply, DropReply>;

// Names one waiting Exchange call; the shell's own number.
using Ticket = uint64_t;

struct ExchangeAnswer {
  Ticket ticket = 0;
  absl::StatusOr<ExchangeOutcome> outcome;
};

// A line for the log: each change of state once.
struct Said {
  std::string phrase;
  std::vector<std::pair<std::string, std::string>> fields;
};

// The shell makes `writes` durable in one transaction, then gives the answers, then shows what was touched.
struct Effects {
  std::vector<Write> writes;
  std::vector<ExchangeAnswer> exchanges;
  std::set<std::string> touched_sweeps;
  std::set<std::string> touched_trials;
  bool touched_workers = false;
  std::vector<Said> said;
  uint64_t granted = 0;
  uint64_t expired = 0;
  uint64_t fenced = 0;
  uint64_t audit_failures = 0;
};

// The moment an event is decided at. Deadlines are judged by the steady clock alone.
struct Now {
  int64_t steady_ms = 0;
  double unix_s = 0;
};

}  // namespace plasa::coordinator
