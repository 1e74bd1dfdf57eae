// The coordinator's disk: what is durable, and the judge of everything that is written to it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bug.h"
#include "memory_store.h"
#include "oracle.h"
#include "world.h"

namespace plasa::sim {

class Disk {
 public:
  // Called when an attempt is written off as lost, at the moment of the decision.
  using OnLost = std::function<void(const coordinator::AttemptRecord& lost)>;

  Disk(World& world, Oracle& oracle, std::string artifacts_dir)
      : world_(world), oracle_(oracle), artifacts_dir_(std::move(artifacts_dir)) {}

  void JudgeLosses(const std::vector<coordinator::Write>& writes) const;
  // One commit. Breaks of P1, P2, P3 and P6 are seen here.
  void Apply(const std::vector<coordinator::Write>& writes);
  [[nodiscard]] const coordinator::MemoryStore& store() const { return store_; }
  // Digests that a published checkpoint stands on.
  [[nodiscard]] std::set<std::string> Referenced() const;
  // The attempt of the token still holds its trial, and nobody asked for its end.
  [[nodiscard]] bool Wants(uint64_t token) const;

  // The trial has failed at some time, and may have run again since.
  [[nodiscard]] bool HasFailed(const std::string& trial) const { return failed_.count(trial) > 0; }
  // The sweep's cancellation has been durable at some time.
  [[nodiscard]] bool WasCanceled(const std::string& sweep) const { return canceled_.count(sweep) > 0; }

  void Backup();
  [[nodiscard]] bool has_backup() const { return backup_.has_value(); }
  // Puts the backup in place of what is there.
  void Restore(bool jump_tokens);
  [[nodiscard]] uint64_t restores() const { return restores_; }
  [[nodiscard]] uint64_t grants() const { return grants_; }

  OnLost on_lost;

 private:
  void Check(const coordinator::PutAttempt& put);
  void Check(const coordinator::AppendEvents& append);
  void Check(const coordinator::PutCheckpoint& put);
  void Check(const coordinator::PutTrial& put);
  [[nodiscard]] bool LostItsBudget(const std::string& trial) const;
  void CheckPoint(const std::string& trial, const TrainerEvent& event);
  [[nodiscard]] bool HasArtifact(const std::string& digest) const;

  struct Copy {
    coordinator::MemoryStore store;
    std::map<std::string, uint64_t> holders;
    std::set<std::string> artifacts;
  };

  World& world_;
  Oracle& oracle_;
  const std::string artifacts_dir_;
  coordinator::MemoryStore store_;
  std::map<std::string, uint64_t> holders_;  // newest token of each trial
  uint64_t highest_token_ = 0;               // over all lives
  std::set<std::string> canceled_;
  std::set<std::string> failed_;
  uint64_t grants_ = 0;
  uint64_t restores_ = 0;
  std::optional<Copy> backup_;
};

}  // namespace plasa::sim
