// One line of events.jsonl as the message that travels. Trainers are other people's programs: every line is hostile
// text.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "plasa/v1/model.pb.h"

namespace plasa::worker {

inline constexpr size_t kMaxEventLineBytes = 1 << 20;

// `line` without its newline, whose seq must be `expected_seq`. INVALID_ARGUMENT with a sentence that says what is
// wrong with it and what was expected.
[[nodiscard]] absl::StatusOr<v1::Event> ParseEventLine(absl::string_view line, uint64_t expected_seq);

// A `checkpoint` event: where the files lie on this machine, and what the coordinator is told of them.
struct LocalCheckpoint {
  std::string path;  // relative to the attempt's directory
  v1::Checkpoint checkpoint;
};

// `json` of an event of type checkpoint. INVALID_ARGUMENT when a member is missing or a name would leave the directory.
[[nodiscard]] absl::StatusOr<LocalCheckpoint> ParseCheckpoint(absl::string_view json);

// Text of a `note` event; empty when it has none.
[[nodiscard]] std::string NoteText(absl::string_view json);

}  // namespace plasa::worker
