// Any bytes as each message of a user, over a small real database: an answer, or a refusal in words.
#include <google/protobuf/stubs/logging.h>

#include "coordinator/core/submission.h"
#include "coordinator/rpc/control_reads.h"
#include "fake_commands.h"
#include "input_folder.h"
#include "test_database.h"

namespace plasa::rpc {
namespace {

using fuzz::Require;

constexpr uint64_t kCursor = 5;

std::unique_ptr<store::Reader> OpenDatabaseOfTest() {
  const std::string path = fuzz::InputFolder() / "plasa.db";
  WriteTestDatabase(path);
  return *store::Reader::Open(path);
}

template <class Request, class Read>
void Try(std::string_view bytes, Read read) {
  Request request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const auto answer = read(request);
  Require(answer.ok() || !answer.status().message().empty(), "a refusal says why");
  Require(answer.ok() || absl::IsNotFound(answer.status()) || absl::IsInvalidArgument(answer.status()),
          "and is the asker's to mend");
}

void TrySweeps(std::string_view bytes, ControlReads& reads) {
  Try<v1::ListSweepsRequest>(bytes, [&](const auto& request) { return reads.ListSweeps(request); });
  Try<v1::GetSweepRequest>(bytes, [&](const auto& request) { return reads.GetSweep(request, kCursor); });
  Try<v1::GetResultsRequest>(bytes, [&](const auto& request) { return reads.GetResults(request); });
  Try<v1::CancelRequest>(bytes, [&](const auto& request) { return reads.Resolve<CancelCommand>(request.target()); });
  Try<v1::SubmitRequest>(bytes,
                         [](const auto& request) { return coordinator::PrepareSubmission(request.spec_text()); });
}

void TryTrials(std::string_view bytes, ControlReads& reads) {
  Try<v1::GetTrialRequest>(bytes, [&](const auto& request) { return reads.GetTrial(request); });
  Try<v1::GetLogRequest>(bytes, [&](const auto& request) { return reads.GetLog(request); });
  Try<v1::GetMetricsRequest>(bytes, [&](const auto& request) {
    auto reply = reads.GetMetrics(request);
    if (reply.ok() && request.max_points() > 1) {
      Require(
          request.name().empty() || static_cast<uint64_t>(reply->points_size()) <= uint64_t{2} * request.max_points(),
          "a series is as short as was asked");
    }
    return reply;
  });
}

}  // namespace
}  // namespace plasa::rpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  google::protobuf::SetLogHandler(nullptr);
  using namespace plasa::rpc;
  static const std::unique_ptr<plasa::store::Reader> reader = OpenDatabaseOfTest();
  plasa::FakeCommands commands;
  ControlReads reads(*reader, commands);
  const std::string_view bytes = plasa::fuzz::AsText(data, size);
  TrySweeps(bytes, reads);
  TryTrials(bytes, reads);
  return 0;
}
