// Parts of stored files as messages, whoever sends or wants them.
#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "coordinator/artifacts.h"
#include "plasa/v1/fleet.pb.h"

namespace plasa::rpc {

// Stores the part and says where the upload stands; else why not.
template <class Reply, class Request>
absl::StatusOr<Reply> PutPart(Artifacts& artifacts, const Request& request) {
  const auto progress = artifacts.Put(request.sha256(), request.size(), request.offset(), request.data());
  if (!progress.ok()) return progress.status();
  Reply reply;
  reply.set_next_offset(progress->next_offset);
  reply.set_complete(progress->complete);
  return reply;
}

inline absl::StatusOr<v1::GetChunkReply> GetPart(const Artifacts& artifacts, const v1::GetChunkRequest& request) {
  auto chunk = artifacts.Get(request.sha256(), request.offset(), request.max_bytes());
  if (!chunk.ok()) return chunk.status();
  v1::GetChunkReply reply;
  reply.set_size(chunk->size);
  reply.set_data(std::move(chunk->data));
  return reply;
}

}  // namespace plasa::rpc
