// A part of an upload, whoever sends it.
#pragma once

#include "absl/status/status.h"
#include "coordinator/artifacts.h"
#include "coordinator/rpc/call.h"

namespace plasa::rpc {

// Stores the part and completes `call` with where the upload stands; else says why not.
template <class Request, class Reply>
absl::Status PutPart(Artifacts& artifacts, const Request& request, const CallPtr& call, Reply* reply) {
  const auto progress = artifacts.Put(request.sha256(), request.size(), request.offset(), request.data());
  if (!progress.ok()) return progress.status();
  call->Succeed([&] {
    reply->set_next_offset(progress->next_offset);
    reply->set_complete(progress->complete);
  });
  return absl::OkStatus();
}

}  // namespace plasa::rpc
