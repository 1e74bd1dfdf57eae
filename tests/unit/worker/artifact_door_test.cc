#include "worker/artifact_door.h"

#include <gtest/gtest.h>

#include "common/base/sha256.h"
#include "text_files.h"

namespace plasa::worker {
namespace {

// A coordinator that keeps uploads, `kept` of the first one already, and holds each whole one against its digest.
class Shelf : public Fleet {
 public:
  explicit Shelf(std::string kept) : bytes(std::move(kept)) {}

  absl::StatusOr<v1::PutChunkReply> PutChunk(const v1::PutChunkRequest& request) override {
    ++calls;
    if (request.offset() == bytes.size()) bytes += request.data();
    v1::PutChunkReply reply;
    reply.set_next_offset(bytes.size());
    if (bytes.size() < request.size()) return reply;
    if (Sha256Hex(bytes) != request.sha256()) {
      bytes.clear();
      return absl::DataLossError("the uploaded file does not have its digest; send it again from the start");
    }
    reply.set_complete(true);
    return reply;
  }

  void Reconnect() override {}
  std::string address() const override { return ""; }
  void Register(v1::RegisterRequest, Done<v1::RegisterReply>) override {}
  Cancel Exchange(v1::ExchangeRequest, Done<v1::ExchangeReply>) override { return {}; }
  void Report(v1::ReportRequest, Done<v1::ReportReply>) override {}
  void Publish(v1::PublishRequest, Done<v1::PublishReply>) override {}
  absl::StatusOr<v1::RenewReply> Renew(const v1::RenewRequest&) override { return absl::UnimplementedError(""); }
  absl::StatusOr<v1::GetChunkReply> GetChunk(const v1::GetChunkRequest&) override {
    return absl::UnimplementedError("");
  }
  absl::Status Goodbye(const v1::GoodbyeRequest&) override { return absl::OkStatus(); }

  std::string bytes;
  int calls = 0;
};

absl::Status Sent(Shelf& shelf, const std::string& text, const std::string& sha256) {
  const TempDir temp;
  WriteText(temp / "file", text);
  return ArtifactDoor(shelf, "").Send(1, temp / "file", sha256, [] { return true; });
}

TEST(ArtifactDoor, AnUploadGoesOnWhereItStopped) {
  Shelf shelf("wei");
  EXPECT_TRUE(Sent(shelf, "weights", Sha256Hex("weights")).ok());
  EXPECT_EQ(shelf.bytes, "weights");
}

// Bytes that the coordinator kept and a power cut changed: it forgets them, and the file is sent from the start.
TEST(ArtifactDoor, WhatWasKeptWrongIsSentAgain) {
  Shelf shelf("wxy");
  EXPECT_TRUE(Sent(shelf, "weights", Sha256Hex("weights")).ok());
  EXPECT_EQ(shelf.bytes, "weights");
}

// Once: a file that is not what it was announced as would be sent for ever.
TEST(ArtifactDoor, AFileThatChangedIsGivenUp) {
  Shelf shelf("");
  EXPECT_EQ(Sent(shelf, "other", Sha256Hex("weights")).code(), absl::StatusCode::kDataLoss);
  EXPECT_LE(shelf.calls, 4);
}

}  // namespace
}  // namespace plasa::worker
