#include "disk.h"

#include <algorithm>
#include <filesystem>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/runtime/artifact_path.h"

namespace plasa::sim {

using namespace coordinator;  // NOLINT: the nouns of every function here

namespace {

constexpr int64_t kLossesAllowed = 5;  // the budget of WORKER_LOST
constexpr uint64_t kTokenJump = uint64_t{1} << 32;

std::set<std::string> DigestsOf(const CheckpointRef& ref) {
  std::set<std::string> digests{ref.digest};
  for (const CheckpointFileRef& file : ref.files) digests.insert(file.sha256);
  return digests;
}

}  // namespace

bool Disk::HasArtifact(const std::string& digest) const {
  return std::filesystem::exists(ArtifactPath(artifacts_dir_, digest));
}

void Disk::Check(const PutAttempt& put) {
  const AttemptRecord& now = put.attempt;
  const auto before = store_.attempts().find(now.token);
  if (before == store_.attempts().end()) {
    if (now.token <= highest_token_) world_.Violate(absl::StrCat("P2: token ", now.token, " is given twice"));
    const auto holder = holders_.find(now.trial);
    if (holder != holders_.end() && IsLive(store_.attempts().at(holder->second).state))
      world_.Violate(absl::StrCat("P2: trial ", now.trial, " is given away while token ", holder->second, " holds it"));
    highest_token_ = now.token;
    holders_[now.trial] = now.token;
    ++grants_;
    return;
  }
  const AttemptRecord& old = before->second;
  if (!IsLive(old.state)) world_.Violate(absl::StrCat("P2: attempt ", now.token, " changed after its end"));
  if (now.acked_seq < old.acked_seq) world_.Violate(absl::StrCat("P1: attempt ", now.token, " forgot events"));
}

void Disk::CheckPoint(const std::string& trial, const TrainerEvent& event) {
  for (const auto& [name, value] : event.metrics) {
    if (value != Oracle::LossOf(oracle_.StateAt(trial, event.step)))
      world_.Violate(absl::StrCat("P7: trial ", trial, " has a wrong ", name, " at step ", event.step));
  }
}

void Disk::Check(const AppendEvents& append) {
  const auto holder = holders_.find(append.trial);
  const auto attempt = store_.attempts().find(append.token);
  if (holder == holders_.end() || holder->second != append.token || attempt == store_.attempts().end() ||
      !IsLive(attempt->second.state))
    return world_.Violate(absl::StrCat("P2: events of stale token ", append.token, " are written"));
  const auto known = store_.events().find(append.token);
  uint64_t last = known == store_.events().end() ? 0 : known->second.back().seq;
  for (const TrainerEvent& event : append.events) {
    if (event.seq != ++last)
      return world_.Violate(absl::StrCat("P3: event ", event.seq, " of token ", append.token, " follows ", last - 1));
    CheckPoint(append.trial, event);
  }
  if (attempt->second.acked_seq != last)
    world_.Violate(absl::StrCat("P1: attempt ", append.token, " and its events are not of one transaction"));
}

void Disk::Check(const PutCheckpoint& put) {
  const PublishedCheckpoint& checkpoint = put.checkpoint;
  if (holders_[put.trial] != checkpoint.token)
    return world_.Violate(absl::StrCat("P2: a checkpoint of stale token ", checkpoint.token, " is published"));
  int64_t last_step = -1;
  for (const TrainerEvent& event : store_.events().at(checkpoint.token)) last_step = std::max(last_step, event.step);
  if (last_step < checkpoint.ref.step)
    world_.Violate(absl::StrCat("P6: the checkpoint of step ", checkpoint.ref.step, " is published before its points"));
  for (const std::string& digest : DigestsOf(checkpoint.ref)) {
    if (!HasArtifact(digest))
      world_.Violate(absl::StrCat("P6: a published checkpoint of ", put.trial, " is not whole"));
  }
}

void Disk::Check(const PutTrial& put) {
  const auto before = store_.trials().find(put.trial.id);
  if (before == store_.trials().end()) return;
  const bool counts = put.trial.state == TrialState::kSucceeded || put.trial.state == TrialState::kPruned;
  if (before->second.state == TrialState::kSucceeded && !counts)
    world_.Violate(absl::StrCat("P2: the result of ", put.trial.id, " is taken back"));
  if (put.trial.state == TrialState::kQuarantined)
    world_.Violate(absl::StrCat("P3: trial ", put.trial.id, " is quarantined: ", put.trial.message));
  if (put.trial.state == TrialState::kFailed) failed_.insert(put.trial.id);
  const bool fails = put.trial.state == TrialState::kFailed && before->second.state != TrialState::kFailed;
  if (fails && put.trial.cause == Cause::kWorkerLost && !LostItsBudget(put.trial.id))
    world_.Violate(absl::StrCat("P8: trial ", put.trial.id, " failed before its budget was gone: ", put.trial.message));
}

// Whether so many attempts of the trial were lost that it may fail; the one of this commit is not in the store yet.
bool Disk::LostItsBudget(const std::string& trial) const {
  const auto lost = std::count_if(store_.attempts().begin(), store_.attempts().end(), [&](const auto& entry) {
    return entry.second.trial == trial && entry.second.cause == Cause::kWorkerLost;
  });
  return lost >= kLossesAllowed - 1;
}

void Disk::JudgeLosses(const std::vector<Write>& writes) const {
  for (const Write& write : writes) {
    const auto* put = std::get_if<PutAttempt>(&write);
    if (put != nullptr && put->attempt.state == AttemptState::kLost) on_lost(put->attempt);
  }
}

// Rows first, so that events find the row of their own transaction.
void Disk::Apply(const std::vector<Write>& writes) {
  for (const Write& write : writes) {
    if (const auto* attempt = std::get_if<PutAttempt>(&write)) Check(*attempt);
    if (const auto* trial = std::get_if<PutTrial>(&write)) Check(*trial);
    if (const auto* checkpoint = std::get_if<PutCheckpoint>(&write)) Check(*checkpoint);
    if (const auto* append = std::get_if<AppendEvents>(&write)) Check(*append);
    if (const auto* sweep = std::get_if<PutSweep>(&write); sweep != nullptr && sweep->sweep.canceled)
      canceled_.insert(sweep->sweep.id);
    store_.Apply({write});
  }
}

std::set<std::string> Disk::Referenced() const {
  std::set<std::string> digests;
  for (const auto& [trial, checkpoint] : store_.checkpoints()) digests.merge(DigestsOf(checkpoint.ref));
  return digests;
}

bool Disk::Wants(uint64_t token) const {
  const auto attempt = store_.attempts().find(token);
  if (attempt == store_.attempts().end() || !IsLive(attempt->second.state)) return false;
  return !store_.trials().at(attempt->second.trial).cancel_requested;
}

void Disk::Backup() {
  const std::string aside = artifacts_dir_ + ".backup";
  std::error_code error;
  std::filesystem::remove_all(aside, error);
  std::filesystem::create_directories(aside, error);
  backup_ = Copy{store_, holders_, Referenced()};
  for (const std::string& digest : backup_->artifacts)
    std::filesystem::copy_file(ArtifactPath(artifacts_dir_, digest), absl::StrCat(aside, "/", digest), error);
}

void Disk::Restore(bool jump_tokens) {
  const uint64_t last_token = std::max(store_.Load().last_token, backup_->store.Load().last_token);
  store_ = backup_->store;
  holders_ = backup_->holders;
  for (const std::string& digest : backup_->artifacts) {
    const std::filesystem::path to = ArtifactPath(artifacts_dir_, digest);
    std::error_code error;
    std::filesystem::create_directories(to.parent_path(), error);
    std::filesystem::copy_file(absl::StrCat(artifacts_dir_, ".backup/", digest), to,
                               std::filesystem::copy_options::skip_existing, error);
  }
  if (jump_tokens) store_.RaiseTokens(last_token + kTokenJump);
  ++restores_;
}

}  // namespace plasa::sim
