// What the services of gRPC work with.
#pragma once

#include <string>

#include "common/runtime/clock.h"
#include "coordinator/artifacts.h"
#include "coordinator/auth.h"
#include "coordinator/commands.h"
#include "coordinator/live.h"
#include "coordinator/metrics.h"
#include "coordinator/store/read_pool.h"

namespace plasa::rpc {

// What GetInfo says; constant once the server serves.
struct ServerInfo {
  std::string version;
  std::string cluster_uuid;
  uint64_t epoch = 0;
  std::string http_url;
  int schema_version = 0;
  std::string state_dir;
  std::string artifact_share;  // told to workers; empty: not shared
  int64_t started_steady_ms = 0;
};

// Owned by the composition; everything outlives the services and is thread-safe.
struct Doors {
  Commands& commands;
  Auth& auth;
  LiveFeed& live;
  Artifacts& artifacts;
  Metrics& metrics;
  store::ReadPool& reads;
  const Clock& clock;
  ServerInfo info;
};

}  // namespace plasa::rpc
