#include "cli/output/exit_code.h"

#include <utility>

#include "absl/strings/cord.h"

namespace plasa::cli {
namespace {

constexpr char kHintPayload[] = "plasa/hint";

struct Row {
  absl::StatusCode code;
  ExitCode exit;
  absl::string_view word;
};

constexpr Row kRows[] = {
    {absl::StatusCode::kOk, ExitCode::kOk, "ok"},
    {absl::StatusCode::kInvalidArgument, ExitCode::kUsage, "invalid_argument"},
    {absl::StatusCode::kOutOfRange, ExitCode::kUsage, "invalid_argument"},
    {absl::StatusCode::kNotFound, ExitCode::kNotFound, "not_found"},
    {absl::StatusCode::kPermissionDenied, ExitCode::kNotAllowed, "not_allowed"},
    {absl::StatusCode::kUnauthenticated, ExitCode::kNotAllowed, "not_allowed"},
    {absl::StatusCode::kAlreadyExists, ExitCode::kConflict, "conflict"},
    {absl::StatusCode::kAborted, ExitCode::kConflict, "conflict"},
    {absl::StatusCode::kFailedPrecondition, ExitCode::kConflict, "conflict"},
    {absl::StatusCode::kUnavailable, ExitCode::kUnavailable, "unavailable"},
    {absl::StatusCode::kResourceExhausted, ExitCode::kUnavailable, "unavailable"},
    {absl::StatusCode::kDeadlineExceeded, ExitCode::kUnavailable, "timed_out"},
    {absl::StatusCode::kUnimplemented, ExitCode::kFailure, "unimplemented"},
    {absl::StatusCode::kCancelled, ExitCode::kFailure, "interrupted"},
};

constexpr Row kOther = {absl::StatusCode::kUnknown, ExitCode::kFailure, "failure"};

const Row& RowOf(absl::StatusCode code) {
  for (const Row& row : kRows) {
    if (row.code == code) return row;
  }
  return kOther;
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) { return RowOf(status.code()).exit; }

absl::string_view ErrorWord(const absl::Status& status) { return RowOf(status.code()).word; }

absl::Status Failure(absl::StatusCode code, const std::string& message, std::string hint) {
  absl::Status status(code, message);
  if (!hint.empty()) status.SetPayload(kHintPayload, absl::Cord(std::move(hint)));
  return status;
}

std::string HintOf(const absl::Status& status) {
  const auto hint = status.GetPayload(kHintPayload);
  return hint ? std::string(*hint) : std::string();
}

}  // namespace plasa::cli
