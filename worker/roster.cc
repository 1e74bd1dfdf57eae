#include "worker/roster.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/plain_path.h"
#include "worker/attempt_dir.h"
#include "worker/core/reconcile.h"
#include "worker/log.h"

namespace plasa::worker {

namespace fs = std::filesystem;

namespace {

constexpr uint32_t kPollMs = 20'000;

// Settled directories, oldest first, so that retention counts them in the order of their ends.
std::vector<std::pair<double, std::string>> ByAge(const std::vector<std::string>& dirs, double now_unix_s) {
  std::vector<std::pair<double, std::string>> aged;
  for (const std::string& dir : dirs) {
    std::error_code error;
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(dir, error);
    aged.emplace_back(now_unix_s - std::chrono::duration<double>(age).count(), dir);
  }
  std::sort(aged.begin(), aged.end());
  return aged;
}

}  // namespace

Roster::Roster(Doors doors, Setup setup, Handlers handlers)
    : doors_(doors),
      setup_(std::move(setup)),
      handlers_(std::move(handlers)),
      slots_(static_cast<int>(setup_.places.size())) {}

Roster::~Roster() = default;

void Roster::MakeLinks() {
  for (int slot = 0; slot < slots_.size(); ++slot) {
    SlotLink::Handlers on{[this](const std::string& dir, const std::string& reason) { OnRefused(dir, reason); },
                          [this](const std::string& dir, core::Exit exit) { OnEnded(dir, exit); },
                          [this, slot] { OnShimLost(slot); }};
    links_.push_back(doors_.machine.MakeLink(slot, std::move(on)));
  }
}

void Roster::Load() {
  MakeLinks();
  ReviveSlots();
  std::vector<std::string> settled;
  for (const std::string& dir : doors_.state.ListAttempts()) {
    if (IsSettled(dir)) {
      settled.push_back(dir);
    } else {
      LoadAttempt(dir);
    }
  }
  for (const auto& [ended, dir] : ByAge(settled, doors_.machine.UnixSeconds())) retention_.Add(dir, ended);
  Collect();
}

void Roster::ReviveSlots() {
  for (size_t slot = 0; slot < links_.size(); ++slot) {
    if (links_[slot]->connected()) continue;
    const absl::Status status = links_[slot]->Connect();
    if (!status.ok())
      LogWarning("slot has no shim", {{"slot", absl::StrCat(slot)}, {"why", std::string(status.message())}});
  }
}

// A directory without spec.json never started anything: the coordinator will send its lease again.
void Roster::LoadAttempt(const std::string& dir) {
  std::optional<AttemptKey> key = ReadKey(dir);
  std::error_code error;
  if (!key) {
    fs::remove_all(dir, error);
    return;
  }
  const int slot = SlotRunning(dir);
  const std::optional<core::Exit> exit = ReadExit(dir);
  const std::shared_ptr<Attempt> attempt = Add(*key, dir);
  if (!exit && slot >= 0) return LoadRunning(*attempt, slot);
  if (!exit) doors_.machine.KillLeftovers(dir);
  LogInfo("attempt ended while away", {{"token", absl::StrCat(key->token)}, {"exit", exit ? "recorded" : "lost"}});
  attempt->AdoptEnded(exit);
}

void Roster::LoadRunning(Attempt& attempt, int slot) {
  LogInfo("trainer adopted", {{"token", absl::StrCat(attempt.key().token)}, {"slot", absl::StrCat(slot)}});
  if (!slots_.Take(slot, attempt.key().token)) return attempt.AdoptEnded(std::nullopt);
  attempt.Adopt(doors_.machine.RunningForMs(attempt.dir()));
  WatchEvents(attempt);
}

int Roster::SlotRunning(const std::string& dir) const {
  for (size_t slot = 0; slot < links_.size(); ++slot) {
    if (links_[slot]->connected() && links_[slot]->running_dir() == dir) return static_cast<int>(slot);
  }
  return -1;
}

std::shared_ptr<Attempt> Roster::Add(AttemptKey key, const std::string& dir) {
  auto attempt = std::make_shared<Attempt>(*this, std::move(key), dir);
  attempts_[attempt->key().token] = attempt;
  return attempt;
}

void Roster::FillRegister(v1::RegisterRequest& request) const {
  for (size_t slot = 0; slot < setup_.places.size(); ++slot) {
    v1::SlotInfo* info = request.add_slots();
    info->set_index(static_cast<int>(slot));
    *info->mutable_device() = setup_.places[slot].device;
  }
  for (const std::string& name : setup_.trainers.Names()) request.add_trainers(name);
  for (const auto& [token, attempt] : attempts_) request.add_held(token);
}

// Below our root, if that is the coordinator's.
void Roster::FindSharedArtifacts(const std::string& share) {
  shared_artifacts_.clear();
  if (setup_.artifact_root.empty()) return;
  const std::string path = absl::StrCat(setup_.artifact_root, "/", share);
  std::error_code error;
  if (!share.empty() && IsPlainPath(share) && std::filesystem::is_directory(path + "/partial", error)) {
    shared_artifacts_ = path;
    return;
  }
  LogWarning("--artifact-root is not the coordinator's; files travel through it",
             {{"root", setup_.artifact_root}, {"expected", share.empty() ? "the coordinator shares none" : path}});
}

void Roster::OnRegistered(const v1::RegisterReply& reply) {
  session_ = reply.session();
  FindSharedArtifacts(reply.artifact_share());
  std::map<uint64_t, v1::TokenVerdict> verdicts;
  for (const v1::TokenVerdict& verdict : reply.verdicts()) verdicts[verdict.token()] = verdict;
  for (const auto& [token, attempt] : std::map(attempts_)) {
    const auto found = verdicts.find(token);
    const bool wanted = found != verdicts.end() && found->second.verdict() != v1::TokenVerdict::FENCED;
    switch (core::Reconcile({attempt->exit_recorded(), attempt->phase() <= Attempt::Phase::kRunning, wanted})) {
      case core::Resolution::kAdopt:
      case core::Resolution::kReportExit:
      case core::Resolution::kReportLost:
        attempt->OnRegistered(found->second.acked_seq());
        attempt->OnVerdict(found->second.verdict());
        break;
      case core::Resolution::kStop:
      case core::Resolution::kCollect:
        attempt->Stop(core::StopReason::kFenced);
        break;
    }
  }
  handlers_.on_news();
}

bool Roster::FillExchange(v1::ExchangeRequest& request) {
  for (const auto& [token, attempt] : attempts_) {
    if (attempt->phase() != Attempt::Phase::kSettled) request.add_held(token);
    if (attempt->phase() == Attempt::Phase::kFinishing) *request.add_finished() = attempt->finished();
  }
  for (int slot : draining_ || resting_ ? std::vector<int>() : slots_.Free()) {
    if (links_[static_cast<size_t>(slot)]->connected()) request.add_free_slots(slot);
  }
  for (v1::LogChunk& chunk : std::exchange(logs_, {})) *request.add_logs() = std::move(chunk);
  const bool at_once = request.finished_size() + request.logs_size() > 0;
  request.set_wait_ms(at_once ? 0 : kPollMs);
  return at_once || request.free_slots_size() > 0;
}

bool Roster::OnExchanged(const v1::ExchangeReply& reply) {
  for (const v1::FinishedReply& finished : reply.finished()) {
    const auto found = attempts_.find(finished.token());
    if (found == attempts_.end()) continue;
    const std::shared_ptr<Attempt> attempt = found->second;
    if (!finished.accepted()) {
      LogWarning("end of attempt not accepted",
                 {{"token", absl::StrCat(finished.token())}, {"why", finished.reason()}});
    }
    attempt->OnFinishedReply(finished);
  }
  bool all_taken = true;
  for (const v1::Lease& lease : reply.leases()) all_taken = OnLease(lease) && all_taken;
  return all_taken;
}

// The same lease may come twice; one for a slot that is taken or gone is left for the coordinator to send again.
bool Roster::OnLease(const v1::Lease& lease) {
  if (attempts_.count(lease.token()) > 0) return true;
  if (draining_ || !IsPlainName(lease.trial()) || !slots_.Take(lease.slot(), lease.token())) {
    LogWarning("lease not taken", {{"token", absl::StrCat(lease.token())}, {"slot", absl::StrCat(lease.slot())}});
    return false;
  }
  AttemptKey key{lease.token(), lease.trial(), lease.slot(), lease.timeout_ms(), lease.trainer()};
  const std::shared_ptr<Attempt> attempt = Add(std::move(key), doors_.state.AttemptDir(lease.trial(), lease.token()));
  attempt->Begin(lease, setup_.places[static_cast<size_t>(lease.slot())].place);
  return true;
}

void Roster::Launch(Attempt& attempt) {
  const std::optional<shim::Words> command =
      setup_.trainers.CommandFor(attempt.key().trainer, attempt.dir() + "/spec.json");
  if (!command) {
    return attempt.OnRefused(
        absl::StrCat("this worker has no trainer \"", attempt.key().trainer, "\" (start it with --trainer NAME=PATH)"));
  }
  rest_.Reset();
  WatchEvents(attempt);
  SlotLink& link = *links_[static_cast<size_t>(attempt.key().slot)];
  if (!link.connected()) return attempt.OnTrainerEnded(std::nullopt);
  link.Run(attempt.dir(), *command);
}

void Roster::WatchEvents(Attempt& attempt) {
  const uint64_t token = attempt.key().token;
  watches_[token] = doors_.machine.WatchFile(attempt.dir() + "/events.jsonl", [this, token] {
    const auto found = attempts_.find(token);
    if (found != attempts_.end()) found->second->OnEventsChanged();
  });
}

void Roster::Signal(Attempt& attempt, int number) {
  const std::optional<int> slot = slots_.SlotOf(attempt.key().token);
  if (slot) links_[static_cast<size_t>(*slot)]->Signal(number);
}

Attempt* Roster::ByDir(const std::string& dir) {
  for (const auto& [token, attempt] : attempts_) {
    if (attempt->dir() == dir) return attempt.get();
  }
  return nullptr;
}

void Roster::OnRefused(const std::string& dir, const std::string& reason) {
  if (Attempt* attempt = ByDir(dir)) attempt->OnRefused(reason);
}

// exit.json is the record; what the shim said counts where the disk would not take it.
void Roster::OnEnded(const std::string& dir, core::Exit exit) {
  if (Attempt* attempt = ByDir(dir)) attempt->OnTrainerEnded(ReadExit(dir).value_or(exit));
}

// Its trainer died with it, unless only the connection was lost.
void Roster::OnShimLost(int slot) {
  SlotLink& link = *links_[static_cast<size_t>(slot)];
  const absl::Status status = link.Connect();
  LogWarning("shim lost",
             {{"slot", absl::StrCat(slot)}, {"now", status.ok() ? "connected" : std::string(status.message())}});
  for (const auto& [token, attempt] : std::map(attempts_)) {
    const bool was_here = slots_.SlotOf(token) == slot && attempt->trainer_runs();
    if (!was_here || (link.connected() && link.running_dir() == attempt->dir())) continue;
    const std::optional<core::Exit> exit = ReadExit(attempt->dir());
    if (!exit) doors_.machine.KillLeftovers(attempt->dir());
    attempt->OnTrainerEnded(exit);
  }
}

void Roster::OnVerdicts(const google::protobuf::RepeatedPtrField<v1::TokenVerdict>& verdicts) {
  for (const v1::TokenVerdict& verdict : verdicts) {
    const auto found = attempts_.find(verdict.token());
    if (found == attempts_.end()) continue;
    const std::shared_ptr<Attempt> attempt = found->second;
    attempt->OnVerdict(verdict.verdict());
  }
}

void Roster::SetDraining(bool draining) {
  if (draining == draining_) return;
  draining_ = draining;
  LogInfo(draining ? "draining" : "no longer draining");
  for (const auto& [token, attempt] : std::map(attempts_)) {
    if (draining) attempt->Stop(core::StopReason::kDrain);
  }
  if (!draining) handlers_.on_news();
}

bool Roster::GatherLogs() {
  for (const auto& [token, attempt] : attempts_) {
    if (!attempt->trainer_runs()) continue;
    if (auto chunk = attempt->TakeLogChunk()) logs_.push_back(*std::move(chunk));
  }
  return !logs_.empty();
}

// A machine with a full disk would burn the queue's attempts one after another.
void Roster::OnCannotPrepare() {
  if (resting_) return;
  resting_ = true;
  doors_.loop.RunAfter(rest_.NextDelayMs(), [this] {
    resting_ = false;
    handlers_.on_news();
  });
}

void Roster::OnFinishing(Attempt& attempt) {
  slots_.Release(attempt.key().token);
  handlers_.on_news();
}

void Roster::OnSettled(Attempt& attempt) {
  const uint64_t token = attempt.key().token;
  slots_.Release(token);
  if (const auto watched = watches_.find(token); watched != watches_.end()) {
    doors_.machine.Unwatch(watched->second);
    watches_.erase(watched);
  }
  MarkSettled(attempt.dir());
  retention_.Add(attempt.dir(), doors_.machine.UnixSeconds());
  doors_.loop.Post([this, token] {
    attempts_.erase(token);
    Collect();
    handlers_.on_news();
  });
}

void Roster::Collect() {
  while (const std::optional<std::string> dir = retention_.TakeExpired(doors_.machine.UnixSeconds())) {
    std::error_code error;
    fs::remove_all(*dir, error);
  }
}

void Roster::QuitShims() {
  for (const auto& link : links_) link->Quit();
}

std::vector<uint64_t> Roster::Tokens() const {
  std::vector<uint64_t> tokens;
  for (const auto& [token, attempt] : attempts_) {
    if (attempt->phase() != Attempt::Phase::kSettled) tokens.push_back(token);
  }
  return tokens;
}

}  // namespace plasa::worker
