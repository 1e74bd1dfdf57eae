// What scripts cannot say: data that a sweep brings, and replies that an earlier version stored.
#include <gtest/gtest.h>

#include "coordinator/core/core.h"

namespace plasa::coordinator {
namespace {

constexpr Now kNow{1'000'000, 1'700'000'000};
constexpr char kSweep[] =
    "method: grid\nparameters: {x: {values: [0, 1]}}\nplasa: {trainer: toy, data: {task: mqar}}\n";

TEST(Submit, DataOfTheSweepAreWrittenBeforeIt) {
  Submission submission = *PrepareSubmission(kSweep);
  submission.data = DataPackage{"listing", {{"listing", 7}}};
  Core core({}, kNow);
  Effects fx;
  ASSERT_TRUE(core.OnSubmit({}, submission, kNow, &fx).ok());
  const auto* data = std::get_if<PutData>(&fx.writes.front());
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->data.digest, "listing");
}

TEST(AddSeeds, ASeedThatIsAParameterTakesNone) {
  const auto more =
      PrepareMoreSeeds("method: grid\nparameters: {seed: {values: [1, 2]}}\nplasa: {trainer: toy}\n", {3}, {});
  EXPECT_EQ(more.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(more.status().message().find("a parameter of this sweep is the seed"), std::string::npos);
  EXPECT_EQ(PrepareMoreSeeds("not a sweep", {3}, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(PrepareMoreSeeds("not read", {}, {})->trials.empty());
}

TEST(AddSeeds, ASweepHasAMostNumberOfTrials) {
  const Submission submission = *PrepareSubmission(kSweep);
  Core core({}, kNow);
  Effects fx;
  ASSERT_TRUE(core.OnSubmit({}, submission, kNow, &fx).ok());
  MoreSeeds more;
  more.trials.resize(kMaxTrials - 1);
  AddSeedsCommand command;
  command.sweep = submission.sweep_id;
  command.seeds = {2};
  EXPECT_EQ(core.OnAddSeeds(command, more, kNow, &fx).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Submit, WhatAStoredReplyDoesNotSayIsNothing) {
  for (const char* reply : {"s", "s many of them"}) {
    State state;
    state.replies["r1"] = {{"r1", "body", reply}, kNow.steady_ms};
    Core core(std::move(state), kNow);
    Effects fx;
    const auto outcome = core.OnSubmit({"r1", "body"}, *PrepareSubmission(kSweep), kNow, &fx);
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->sweep_id, "s");
    EXPECT_EQ(outcome->trials + outcome->created + outcome->requeued, 0u);
    EXPECT_TRUE(fx.writes.empty());
  }
}

}  // namespace
}  // namespace plasa::coordinator
