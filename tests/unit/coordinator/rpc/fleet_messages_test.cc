#include "coordinator/rpc/fleet_messages.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plasa::rpc {
namespace {

constexpr char kWorker[] = "0123456789abcdef";

v1::ReportRequest Report(uint64_t first_seq, uint64_t second_seq) {
  v1::ReportRequest request;
  request.set_worker_id(kWorker);
  request.set_first_seq(first_seq);
  for (const uint64_t seq : {first_seq, second_seq}) {
    v1::Event* event = request.add_events();
    event->set_seq(seq);
    event->set_type("metric");
    v1::MetricValue* metric = event->add_metrics();
    metric->set_name("val/loss");
    metric->set_value(NAN);
  }
  return request;
}

TEST(ToCommand, TakesAReportAsItIs) {
  const auto command = ToCommand(Report(5, 6));
  ASSERT_TRUE(command.ok()) << command.status();
  ASSERT_EQ(command->events.size(), 2u);
  EXPECT_EQ(command->events[1].seq, 6u);
  EXPECT_TRUE(std::isnan(command->events[0].metrics[0].second));
}

TEST(ToCommand, RefusesWhatCannotBeMeant) {
  EXPECT_TRUE(absl::IsInvalidArgument(ToCommand(Report(5, 7)).status())) << "seqs with a gap";
  v1::ReportRequest no_worker = Report(5, 6);
  no_worker.set_worker_id("../../x");
  EXPECT_TRUE(absl::IsInvalidArgument(ToCommand(no_worker).status()));
  v1::ReportRequest backwards = Report(5, 6);
  backwards.mutable_events(0)->set_step(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(ToCommand(backwards).status()));
  v1::ReportRequest nameless = Report(5, 6);
  nameless.mutable_events(0)->mutable_metrics(0)->clear_name();
  EXPECT_TRUE(absl::IsInvalidArgument(ToCommand(nameless).status()));
  v1::PublishRequest publish;
  publish.set_worker_id(kWorker);
  EXPECT_TRUE(absl::IsInvalidArgument(ToCommand(publish).status())) << "no checkpoint";
}

TEST(ToCommand, BoundsALongPoll) {
  v1::ExchangeRequest request;
  request.set_worker_id(kWorker);
  request.set_wait_ms(4'000'000'000);
  EXPECT_LE(ToCommand(request)->wait_ms, 120'000u);
}

TEST(ToCommand, KeepsWhereALogTailBegins) {
  v1::ExchangeRequest request;
  request.set_worker_id(kWorker);
  v1::Finished* finished = request.add_finished();
  finished->set_cause(v1::CAUSE_KILLED);
  finished->set_log_tail("tail");
  finished->set_log_offset(77);
  const auto command = ToCommand(request);
  EXPECT_EQ(command->finished[0].cause, "KILLED");
  EXPECT_EQ(command->finished[0].log_offset, 77u);
}

TEST(Fill, CarriesALeaseWhole) {
  ExchangeOutcome outcome;
  LeaseGrant lease;
  lease.token = 7;
  lease.trial = "t";
  lease.slot = 3;
  lease.resume = CheckpointRef{"digest", 50, 31, {{"model", 5, "sha"}}};
  outcome.leases.push_back(lease);
  v1::ExchangeReply reply;
  Fill(outcome, &reply);
  EXPECT_EQ(reply.leases(0).token(), 7u);
  EXPECT_EQ(reply.leases(0).slot(), 3);
  EXPECT_EQ(reply.leases(0).resume().files(0).sha256(), "sha");
  EXPECT_EQ(reply.leases(0).resume().events_seq(), 31u);
}

}  // namespace
}  // namespace plasa::rpc
