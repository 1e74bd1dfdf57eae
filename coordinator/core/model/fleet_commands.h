// What worker daemons ask of the core: the messages of proto/plasa/v1/fleet.proto as plain structs, so that the core's
// side knows no wire format. The proto file says what each member means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace plasa {

struct WorkerDevice {
  std::string kind;  // "cpu", "cuda"
  std::string model;
  uint64_t memory_bytes = 0;
  std::string hardware_class;
};

struct WorkerSlot {
  int32_t index = 0;
  WorkerDevice device;
};

enum class Verdict { kOk, kFenced, kCancel };

struct TokenVerdict {
  uint64_t token = 0;
  Verdict verdict = Verdict::kOk;
  uint64_t acked_seq = 0;
};

struct RegisterCommand {
  std::string worker_id;
  std::string name;
  std::string boot_id;
  std::string version;
  std::vector<WorkerSlot> slots;
  std::vector<std::string> trainers;
  std::vector<uint64_t> held;
  uint64_t number = 0;  // 0 = not numbered
};
struct RegisterOutcome {
  uint64_t session = 0;
  uint32_t renew_every_ms = 0;
  std::vector<TokenVerdict> verdicts;
  uint64_t newest = 0;
};

struct FinishedAttempt {
  uint64_t token = 0;
  uint64_t last_seq = 0;
  bool succeeded = false;
  std::string cause;  // a word of the causes ("KILLED"); empty: none
  std::string message;
  std::string log_tail;
  uint64_t log_offset = 0;
};
struct FinishedAnswer {
  uint64_t token = 0;
  bool accepted = false;
  std::string reason;
  uint64_t acked_seq = 0;
};

struct LogPiece {
  uint64_t token = 0;
  uint64_t offset = 0;
  std::string data;
};

struct CheckpointFileRef {
  std::string name;
  uint64_t size = 0;
  std::string sha256;
};
struct CheckpointRef {
  std::string digest;
  int64_t step = 0;
  uint64_t events_seq = 0;
  std::vector<CheckpointFileRef> files;
};

struct LeaseGrant {
  uint64_t token = 0;
  std::string trial;
  int64_t attempt = 0;
  int32_t slot = 0;
  std::string trainer;
  std::string params_json;
  std::string data_json;
  uint64_t timeout_ms = 0;
  uint64_t checkpoint_every_ms = 0;
  std::optional<CheckpointRef> resume;
};

struct ExchangeCommand {
  std::string worker_id;
  uint64_t session = 0;
  std::vector<uint64_t> held;
  std::vector<int32_t> free_slots;
  std::vector<FinishedAttempt> finished;
  std::vector<LogPiece> logs;
  uint32_t wait_ms = 0;
  uint64_t number = 0;  // 0 = not numbered
};
struct ExchangeOutcome {
  std::vector<LeaseGrant> leases;
  std::vector<FinishedAnswer> finished;
  bool drain = false;
};

struct RenewCommand {
  std::string worker_id;
  uint64_t session = 0;
  std::vector<uint64_t> tokens;
};
struct RenewOutcome {
  std::vector<TokenVerdict> verdicts;
  bool drain = false;
};

// What the core wants to know of the events that are kept as JSON; read by whoever translates the wire.
struct StartFacts {
  int64_t steps_total = 0;
  std::string hardware_class;
  std::string build;
  std::string data_digest;
  std::string checkpoint;  // digest of what it loaded; empty: nothing, or not said
};
struct AuditFacts {
  int32_t number = 0;
  bool passed = false;
};
struct ResultFacts {
  bool valid = true;
  std::vector<std::string> invalid_reasons;
};
struct ProgressFacts {
  int64_t steps_total = 0;
};
using EventFacts = std::variant<std::monostate, StartFacts, AuditFacts, ResultFacts, ProgressFacts>;

// One line of an attempt's events.jsonl.
struct TrainerEvent {
  uint64_t seq = 0;
  std::string type;
  int64_t step = 0;
  double time_unix_s = 0;
  std::vector<std::pair<std::string, double>> metrics;
  std::string json;
  EventFacts facts;
};
struct ReportCommand {
  std::string worker_id;
  uint64_t session = 0;
  uint64_t token = 0;
  uint64_t first_seq = 0;
  std::vector<TrainerEvent> events;
};

struct PublishCommand {
  std::string worker_id;
  uint64_t session = 0;
  uint64_t token = 0;
  CheckpointRef checkpoint;
};
struct PublishOutcome {
  bool published = false;
  std::string reason;
};

struct GoodbyeCommand {
  std::string worker_id;
  uint64_t session = 0;
};

}  // namespace plasa
