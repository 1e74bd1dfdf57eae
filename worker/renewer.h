// The worker's sign of life: one Renew a second on a thread of its own, so that nothing the worker does can delay it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "worker/fleet.h"

namespace plasa::worker {

// Says once in a while that this worker is alive. Any thread may call Set.
class Renewals {
 public:
  using OnReply = std::function<void(uint64_t session, absl::StatusOr<v1::RenewReply>)>;
  using Make = std::function<std::unique_ptr<Renewals>(OnReply)>;

  virtual ~Renewals() = default;
  // What to renew from now on; session 0 = nothing.
  virtual void Set(uint64_t session, std::vector<uint64_t> tokens, uint32_t every_ms) = 0;
};

// `on_reply` runs on the renewing thread: post to the loop from there.
class Renewer final : public Renewals {
 public:
  Renewer(Fleet& fleet, std::string worker_id, OnReply on_reply);
  ~Renewer() override;

  void Set(uint64_t session, std::vector<uint64_t> tokens, uint32_t every_ms) override;

 private:
  void Run(const std::stop_token& stop);

  Fleet& fleet_;
  const std::string worker_id_;
  const OnReply on_reply_;

  // Guarded by mutex_.
  std::mutex mutex_;
  std::condition_variable_any changed_;
  uint64_t session_ = 0;
  std::vector<uint64_t> tokens_;
  uint32_t every_ms_ = 1000;

  std::jthread thread_;  // last: starts when the rest is there
};

}  // namespace plasa::worker
