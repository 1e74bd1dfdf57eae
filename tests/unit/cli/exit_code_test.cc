#include "cli/output/exit_code.h"

#include <gtest/gtest.h>

namespace plasa::cli {
namespace {

// The table scripts rely on.
TEST(ExitCode, OfEachStatus) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("")), ExitCode::kFailure);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(absl::PermissionDeniedError("")), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitCodeOf(absl::UnauthenticatedError("")), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitCodeOf(absl::FailedPreconditionError("")), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeOf(absl::AbortedError("")), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), ExitCode::kUnavailable);
  EXPECT_EQ(ExitCodeOf(absl::ResourceExhaustedError("")), ExitCode::kUnavailable);
}

TEST(ExitCode, NumbersAreFixed) {
  EXPECT_EQ(static_cast<int>(ExitCode::kOk), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::kFailure), 1);
  EXPECT_EQ(static_cast<int>(ExitCode::kUsage), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::kNotFound), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::kNotAllowed), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::kConflict), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::kUnavailable), 6);
  EXPECT_EQ(static_cast<int>(ExitCode::kPartial), 7);
  EXPECT_EQ(static_cast<int>(ExitCode::kTrialFailed), 8);
}

TEST(Failure, CarriesItsHint) {
  const absl::Status status = Failure(absl::StatusCode::kNotFound, "no sweep \"x\"", "list them");
  EXPECT_EQ(status.message(), "no sweep \"x\"");
  EXPECT_EQ(HintOf(status), "list them");
  EXPECT_EQ(HintOf(absl::NotFoundError("x")), "");
}

}  // namespace
}  // namespace plasa::cli
