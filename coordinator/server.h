// The coordinator put together: builds the rooms, starts them in order, stops them in reverse.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/options.h"
#include "coordinator/self_probe.h"

namespace plasa {

class Server {
 public:
  // Takes the state directory, opens its database and serves. INVALID_ARGUMENT for an address that is not allowed,
  // PERMISSION_DENIED for a directory that cannot be used, FAILED_PRECONDITION when another coordinator holds it or its
  // database is of a newer version, UNAVAILABLE for a port in use.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Server>> Start(const CoordinatorOptions& options);
  // Stops serving; what was acknowledged is on the disk. Trainers and workers are not touched.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What the self-probe asks; for probes that end before the server.
  [[nodiscard]] std::vector<ProbedPart> ProbedParts() const;

  [[nodiscard]] const std::string& http_url() const;
  [[nodiscard]] const std::string& grpc_address() const;

 private:
  struct Rooms;
  explicit Server(std::unique_ptr<Rooms> rooms);

  std::unique_ptr<Rooms> rooms_;
};

}  // namespace plasa
