#include "worker/attempt_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text_files.h"
#include "worker/json_file.h"
#include "worker/state_dir.h"

namespace plasa::worker {
namespace {

using ::testing::HasSubstr;

v1::Lease SomeLease() {
  v1::Lease lease;
  lease.set_token(17);
  lease.set_trial("3f9c0a1be2d47586");
  lease.set_attempt(2);
  lease.set_slot(1);
  lease.set_trainer("plasa");
  lease.set_params_json(R"({"preset":"demo","seed":1})");
  lease.set_data_json(R"({"corpus":"kjv"})");
  lease.set_timeout_ms(5000);
  lease.set_checkpoint_every_ms(60'000);
  return lease;
}

TEST(AttemptDir, SpecSaysWhatTheTrainerAndARestartedDaemonNeed) {
  TempDir temp;
  v1::Lease lease = SomeLease();
  lease.mutable_resume()->set_step(50);
  lease.mutable_resume()->set_digest("d");
  ASSERT_TRUE(WriteSpec(temp.path(), lease, {"cuda:1", 4}, "").ok());
  const std::string text = ReadText(temp / "spec.json");
  EXPECT_THAT(text, HasSubstr(R"("params":{"preset":"demo","seed":1})"));
  EXPECT_THAT(text, HasSubstr(R"("resume":{"path":"checkpoints/step-50","digest":"d","step":50})"));
  EXPECT_THAT(text, HasSubstr(R"("device":"cuda:1","threads":4)"));
  const std::optional<AttemptKey> key = ReadKey(temp.path());
  ASSERT_TRUE(key);
  EXPECT_EQ(key->token, 17u);
  EXPECT_EQ(key->trial, "3f9c0a1be2d47586");
  EXPECT_EQ(key->slot, 1);
  EXPECT_EQ(key->timeout_ms, 5000u);
}

TEST(AttemptDir, ParametersThatAreNoObjectAreRefused) {
  TempDir temp;
  v1::Lease lease = SomeLease();
  lease.set_params_json("[1]");
  EXPECT_TRUE(absl::IsInvalidArgument(WriteSpec(temp.path(), lease, {}, "")));
}

// A protobuf string that is no UTF-8 would spoil the whole call that ends the attempt.
TEST(AttemptDir, TheLogTailMayTravelWhateverTheTrainerPrinted) {
  TempDir temp;
  WriteText(temp / "output.log", "\xed\xa0\x80 \xf4\x90\x80\x80 \xe0\x80\x80 \xe2\x82");
  v1::Finished finished, back;
  finished.set_log_tail(LogTail(temp.path(), 1000).text);
  EXPECT_TRUE(back.ParseFromString(finished.SerializeAsString()));
  EXPECT_EQ(finished.log_tail(), "??? ???? ??? ??");
}

TEST(AttemptDir, TheLogTailBeginsWithAWholeLineAndIsUtf8) {
  TempDir temp;
  WriteText(temp / "output.log", "first line\nsecond \xff line\n");
  EXPECT_EQ(LogTail(temp.path(), 1000).text, "first line\nsecond ? line\n");
  EXPECT_EQ(LogTail(temp.path(), 18).text, "second ? line\n");
  EXPECT_EQ(LogTail(temp.path(), 18).offset, 11u);
  EXPECT_EQ(LogTail(temp / "missing", 10).text, "");
}

TEST(AttemptDir, NamesFromOutsideCannotLeaveTheDirectory) {
  EXPECT_TRUE(IsPlainName("3f9c0a1be2d47586"));
  EXPECT_FALSE(IsPlainName("../x"));
  EXPECT_FALSE(IsPlainName(""));
  EXPECT_FALSE(IsPlainName(std::string(65, 'a')));
}

TEST(StateDir, KeepsItsIdAndRefusesASecondDaemon) {
  TempDir temp;
  std::string id;
  {
    absl::StatusOr<StateDir> first = StateDir::Open(temp.path());
    ASSERT_TRUE(first.ok()) << first.status();
    id = first->worker_id();
    EXPECT_EQ(id.size(), 16u);
    EXPECT_THAT(std::string(StateDir::Open(temp.path()).status().message()), HasSubstr("another plasa-worker"));
  }
  EXPECT_EQ(StateDir::Open(temp.path())->worker_id(), id);
}

TEST(StateDir, APlaceThatCannotBeMadeIsNamed) {
  TempDir temp;
  WriteText(temp / "file", "");
  EXPECT_THAT(std::string(StateDir::Open(temp / "file").status().message()), HasSubstr("choose another --state"));
}

}  // namespace
}  // namespace plasa::worker
