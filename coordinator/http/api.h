// /api/v1: the table of its routes, and what each needs.
#pragma once

#include <chrono>

#include "coordinator/auth.h"
#include "coordinator/commands.h"
#include "coordinator/http/api_reads.h"
#include "coordinator/http/message.h"
#include "coordinator/http/options.h"
#include "coordinator/http/sessions.h"

namespace plasa::http {

// Lives on the HTTP thread.
class Api {
 public:
  // All must outlive it.
  Api(ServerIdentity identity, Commands& commands, store::Reader& reader, store::ReadPool& slow, const LiveFeed& live,
      const Sessions& sessions);

  // Precondition: the path begins with "api", and the guards let the request pass.
  void Handle(const Request& request, Done done);

 private:
  struct Route;
  static const Route kRoutes[];

  void Info(const Request& request, Done done);
  void Stream(const Request& request, Done done);
  void CancelSweep(const Request& request, Done done);
  void CancelTrial(const Request& request, Done done);
  void RetrySweep(const Request& request, Done done);
  void RetryTrial(const Request& request, Done done);
  void Retry(bool is_sweep, const absl::StatusOr<std::string>& id, Done done);
  void AddSeeds(const Request& request, Done done);
  void Cancel(bool is_sweep, const absl::StatusOr<std::string>& id, Done done);
  template <void (ApiReads::*read)(const Request&, Done)>
  void Read(const Request& request, Done done) {
    (reads_.*read)(request, std::move(done));
  }

  const ServerIdentity identity_;
  const std::chrono::steady_clock::time_point start_;
  Commands& commands_;
  store::Reader& reader_;
  const Sessions& sessions_;
  ApiReads reads_;
};

}  // namespace plasa::http
