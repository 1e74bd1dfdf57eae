#include "coordinator.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace plasa::sim {
namespace {

constexpr uint64_t kCommitMs = 8;
constexpr uint64_t kShortPauseMs = 1000;  // shorter stalls count as the workers' silence
constexpr uint64_t kMaxArtifactBytes = 1 << 20;

absl::Status Full() { return absl::ResourceExhaustedError("the simulated disk is full"); }

}  // namespace

class Coordinator::Calendar final : public Clock {
 public:
  Calendar(const World& world, Bug bug) : world_(world), bug_(bug) {}
  [[nodiscard]] int64_t SteadyMs() const override {
    if (bug_ == Bug::kWallClockLeases) return static_cast<int64_t>(world_.unix_s() * 1000);
    return static_cast<int64_t>(shown_ms != 0 ? shown_ms : world_.now_ms());
  }
  [[nodiscard]] double UnixSeconds() const override { return world_.unix_s(); }

  uint64_t shown_ms = 0;  // instead of the world's, for ticks that are made up for

 private:
  const World& world_;
  const Bug bug_;
};

class Coordinator::Queue final : public Mailbox {
 public:
  Queue(World& world, ProcessPtr process) : world_(world), process_(std::move(process)) {}
  void Post(size_t, Job job) override {
    world_.After(0, process_, [job = std::move(job)] { job(absl::OkStatus()); });
  }

 private:
  World& world_;
  const ProcessPtr process_;
};

// Group commit: what is queued when the disk is free goes into one transaction.
class Coordinator::Commits final : public Committer {
 public:
  Commits(Coordinator& home, ProcessPtr process) : home_(home), process_(std::move(process)) {}

  void Post(std::shared_ptr<const coordinator::Effects> effects, Done done) override {
    home_.disk_.JudgeLosses(effects->writes);
    queue_.push_back({std::move(effects), std::move(done)});
    if (queue_.size() == 1 && !writing_) Begin();
  }
  [[nodiscard]] size_t Depth() const override { return queue_.size(); }
  void AwaitIdle() override {
    if (refusing_) Refuse(std::exchange(queue_, {}));
  }
  [[nodiscard]] absl::Status Resume() override {
    if (Full()) return sim::Full();
    refusing_ = false;
    return absl::OkStatus();
  }
  [[nodiscard]] absl::StatusOr<coordinator::State> Load() override { return home_.disk_.store().Load(); }
  // Runs `then` when what is queued now is committed.
  void Behind(World::Task then) {
    Post(std::make_shared<coordinator::Effects>(), [then = std::move(then)](auto&&...) { then(); });
  }

 private:
  struct Waiting {
    std::shared_ptr<const coordinator::Effects> effects;
    Done done;
    bool told = false;
  };
  using Group = std::vector<Waiting>;

  [[nodiscard]] bool Full() const { return home_.world_.now_ms() < home_.full_until_ms_; }

  void Begin() {
    writing_ = true;
    World& world = home_.world_;
    const bool slow = world.now_ms() < home_.slow_until_ms_;
    const uint64_t takes = slow ? home_.slow_commit_ms_ : 1 + world.random().Below(kCommitMs);
    if (home_.bug_ == Bug::kAckBeforeCommit) Tell();
    world.After(takes, process_, [this] { Commit(); });
  }

  void Tell() {
    for (Waiting& waiting : queue_) {
      if (!std::exchange(waiting.told, true)) waiting.done(absl::OkStatus(), {});
    }
  }

  void Commit() {
    Group group = std::exchange(queue_, {});
    if (home_.crash_ == Crash::kBeforeCommit) return home_.DieSoon();
    const bool fails = refusing_ || Full();
    if (fails && home_.bug_ != Bug::kFullDiskIsSuccess) {
      refusing_ = true;
      writing_ = false;
      return Refuse(std::move(group));
    }
    std::vector<store::Written> written;
    for (const Waiting& waiting : group) written.push_back(fails ? store::Written{} : Apply(*waiting.effects));
    if (home_.crash_ == Crash::kAfterCommit) return home_.DieSoon();
    home_.world_.After(0, process_, [this, group = std::move(group), written = std::move(written)] {
      for (size_t i = 0; i < group.size(); ++i) {
        if (!group[i].told) group[i].done(absl::OkStatus(), written[i]);
      }
      writing_ = false;
      if (!queue_.empty()) Begin();
    });
  }

  store::Written Apply(const coordinator::Effects& effects) {
    std::vector<coordinator::Write> writes = effects.writes;
    if (home_.bug_ == Bug::kStartStepLate) DelayRows(&writes);
    if (home_.bug_ == Bug::kForgetReplies)
      std::erase_if(writes, [](const auto& w) { return std::holds_alternative<coordinator::PutReply>(w); });
    if (home_.bug_ == Bug::kCancelNotDurable) std::erase_if(writes, IsCancel);
    const std::set<std::string> before = home_.disk_.Referenced();
    home_.disk_.Apply(writes);
    store::Written written;
    written.histories = home_.disk_.store().HistoriesFor(writes);
    const std::set<std::string> after = home_.disk_.Referenced();
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(written.unreferenced));
    return written;
  }

  // The row of an attempt goes into the next transaction when its events are in this one.
  void DelayRows(std::vector<coordinator::Write>* writes) {
    std::vector<coordinator::Write> late = std::exchange(late_, {});
    const bool has_events = std::any_of(writes->begin(), writes->end(), [](const auto& write) {
      return std::holds_alternative<coordinator::AppendEvents>(write);
    });
    const auto is_row = [](const auto& write) { return std::holds_alternative<coordinator::PutAttempt>(write); };
    if (has_events) {
      std::copy_if(writes->begin(), writes->end(), std::back_inserter(late_), is_row);
      std::erase_if(*writes, is_row);
    }
    writes->insert(writes->begin(), late.begin(), late.end());
  }

  static bool IsCancel(const coordinator::Write& write) {
    if (const auto* sweep = std::get_if<coordinator::PutSweep>(&write)) return sweep->sweep.canceled;
    const auto* trial = std::get_if<coordinator::PutTrial>(&write);
    return trial != nullptr && trial->trial.cancel_requested;
  }

  void Refuse(Group group) {
    for (Waiting& waiting : group) waiting.done(sim::Full(), {});
  }

  Coordinator& home_;
  const ProcessPtr process_;
  Group queue_;
  bool writing_ = false;
  bool refusing_ = false;
  std::vector<coordinator::Write> late_;
};

struct Coordinator::Incarnation {
  Incarnation(Coordinator& home, const ProcessPtr& process)
      : clock(home.world_, home.bug_),
        queue(home.world_, process),
        commits(home, process),
        live(1, 16),
        metrics("sim"),
        artifacts(home.dir_ + "/artifacts", kMaxArtifactBytes),
        desk({clock, queue, commits, live, metrics, artifacts, [this, &home, process] {
                refused = true;
                home.world_.After(0, process, [this] { Recover(); });
              }}) {}

  void Recover() {
    if (!refused) return;
    desk.Recover();
    refused = false;
  }

  Calendar clock;
  Queue queue;
  Commits commits;
  LiveFeed live;
  Metrics metrics;
  Artifacts artifacts;
  CoreDesk desk;
  bool refused = false;
};

Coordinator::Coordinator(World& world, Disk& disk, std::string dir, Bug bug)
    : world_(world), disk_(disk), dir_(std::move(dir)), bug_(bug), dead_since_ms_(world.now_ms()) {}

Coordinator::~Coordinator() = default;

void Coordinator::Start() {
  if (running()) return;
  ++epoch_;
  process_ = std::make_shared<Process>();
  incarnation_ = std::make_unique<Incarnation>(*this, process_);
  asleep_ms_ += world_.now_ms() - std::exchange(dead_since_ms_, 0);
  for (auto& [worker, heard] : heard_) heard = AwakeMs();
  if (!incarnation_->artifacts.Open(disk_.Referenced()).ok()) world_.Violate("the artifacts cannot be opened");
  for (const std::string& digest : disk_.Referenced()) {
    if (!incarnation_->artifacts.Has(digest)) world_.Violate("P6: a published checkpoint is gone");
  }
  incarnation_->desk.Open(disk_.store().Load());
  Tick(process_);
}

void Coordinator::Tick(const ProcessPtr& process) {
  world_.After(CoreDesk::kTickMs, process, [this, process, due_ms = world_.now_ms() + CoreDesk::kTickMs] {
    const auto tick = [this, process] {
      incarnation_->Recover();
      incarnation_->desk.Tick();
      Tick(process);
    };
    // As CoreLoop does: after a stall, first what has come in meanwhile.
    if (world_.now_ms() > due_ms) return world_.After(0, process, tick);
    tick();
  });
}

void Coordinator::Kill() {
  if (!running()) return;
  WakeUp();
  process_->alive = false;
  dead_since_ms_ = world_.now_ms();
  crash_ = Crash::kNone;
  incarnation_.reset();
  for (const auto& weak : std::exchange(resets_, {})) {
    if (const auto reset = weak.lock(); reset && *reset) (*reset)();
  }
}

// From within the process itself: it is taken down when its own stack has unwound.
void Coordinator::DieSoon() {
  process_->alive = false;
  process_->paused_until_ms = 0;
  world_.After(0, [this] {
    if (incarnation_ == nullptr || process_->alive) return;
    process_->alive = true;
    Kill();
  });
}

void Coordinator::CutPower() {
  Kill();
  LoseUnsynced();
}

void Coordinator::LoseUnsynced() {
  for (const std::string& digest : std::exchange(unsynced_, {}))
    std::filesystem::remove(absl::StrCat(dir_, "/artifacts/", digest.substr(0, 2), "/", digest));
}

void Coordinator::Pause(uint64_t for_ms) {
  if (!running() || process_->paused_until_ms > world_.now_ms()) return;
  process_->paused_until_ms = world_.now_ms() + for_ms;
  if (for_ms > kShortPauseMs) asleep_ms_ += for_ms;
  pause_counts_ = for_ms > kShortPauseMs;
  if (bug_ == Bug::kStallIsSilence) MissedTicks(world_.now_ms());
}

void Coordinator::WakeUp() {
  if (process_->paused_until_ms <= world_.now_ms()) return;
  if (pause_counts_) asleep_ms_ -= process_->paused_until_ms - world_.now_ms();
  process_->paused_until_ms = 0;
}

// A loop that makes up for the ticks it missed never sees the gap.
void Coordinator::MissedTicks(uint64_t from_ms) {
  world_.After(0, process_, [this, from_ms] {
    for (uint64_t at = from_ms; at < world_.now_ms(); at += CoreDesk::kTickMs) {
      incarnation_->clock.shown_ms = at;
      incarnation_->desk.Tick();
    }
    incarnation_->clock.shown_ms = 0;
  });
}

void Coordinator::SlowDisk(uint64_t until_ms, uint64_t commit_ms) {
  slow_until_ms_ = until_ms;
  slow_commit_ms_ = commit_ms;
}

void Coordinator::Heal() {
  full_until_ms_ = slow_until_ms_ = 0;
  crash_ = Crash::kNone;
  world_.wall_jump_s = 0;
  Start();
}

bool Coordinator::Receive(Serve serve, const std::shared_ptr<World::Task>& on_reset) {
  if (!running()) return false;
  std::erase_if(resets_, [](const auto& weak) { return weak.expired(); });
  resets_.push_back(on_reset);
  world_.After(0, process_, [this, serve = std::move(serve)] { serve(incarnation_->desk, incarnation_->artifacts); });
  return true;
}

void Coordinator::AfterCommits(World::Task then) { incarnation_->commits.Behind(std::move(then)); }

Artifacts* Coordinator::artifacts() {
  return running() && process_->paused_until_ms <= world_.now_ms() ? &incarnation_->artifacts : nullptr;
}

uint64_t Coordinator::AwakeMs() const {
  const uint64_t dead = dead_since_ms_ == 0 ? 0 : world_.now_ms() - dead_since_ms_;
  return world_.now_ms() - asleep_ms_ - dead;
}

uint64_t Coordinator::SilenceMs(const std::string& worker) const {
  const auto heard = heard_.find(worker);
  return heard == heard_.end() ? UINT64_MAX : AwakeMs() - std::min(AwakeMs(), heard->second);
}

void Coordinator::HearNext(const std::string& worker) {
  world_.After(0, process_, [this, worker] { Hear(worker, AwakeMs()); });
}

bool Coordinator::Drains(const std::string& worker) const {
  const auto& workers = incarnation_->desk.core().state().workers;
  const auto known = workers.find(worker);
  return known != workers.end() && known->second.record.draining;
}

std::string Coordinator::Explain(const std::string& trial) const {
  if (!running()) return "";
  const coordinator::Now now{incarnation_->clock.SteadyMs(), incarnation_->clock.UnixSeconds()};
  return incarnation_->desk.core().Judge({trial}, now).trials[trial].explain;
}

}  // namespace plasa::sim
