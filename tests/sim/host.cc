#include "host.h"

#include <csignal>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/durable_file.h"
#include "worker/attempt_dir.h"
#include "worker/shim/exit_file.h"
#include "worker/state_dir.h"

namespace plasa::sim {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t kLeaveLimitMs = 30'000;
constexpr uint64_t kLeaveCheckMs = 20;
constexpr uint64_t kSlowestTransferMs = 300;
constexpr int kCrash = 1;

}  // namespace

// The loop of one life of the daemon.
class Host::SimScheduler final : public worker::Scheduler {
 public:
  SimScheduler(World& world, ProcessPtr process) : world_(world), process_(std::move(process)) {}
  void Post(Task task) override { world_.After(0, process_, std::move(task)); }
  TimerId RunAfter(uint64_t delay_ms, Task task) override {
    const TimerId id = ++last_timer_;
    timers_.insert(id);
    world_.After(delay_ms, process_, [this, id, task = std::move(task)] {
      if (timers_.erase(id) > 0) task();
    });
    return id;
  }
  void Cancel(TimerId timer) override { timers_.erase(timer); }
  [[nodiscard]] uint64_t NowMs() const override { return world_.now_ms(); }

 private:
  World& world_;
  const ProcessPtr process_;
  TimerId last_timer_ = 0;
  std::set<TimerId> timers_;
};

class Host::SimTransfers final : public worker::Transfers {
 public:
  SimTransfers(World& world, ProcessPtr process) : world_(world), process_(std::move(process)) {}
  void Submit(Job job) override {
    world_.After(world_.random().Below(kSlowestTransferMs), process_,
                 [job = std::move(job)] { job([] { return true; }); });
  }

 private:
  World& world_;
  const ProcessPtr process_;
};

// The daemon's connection to the shim of a slot.
class Host::SimLink final : public worker::SlotLink {
 public:
  SimLink(Host& host, ProcessPtr process, int slot, Handlers handlers)
      : host_(host), process_(std::move(process)), slot_(slot), handlers_(std::move(handlers)) {}
  ~SimLink() override {
    if (shim().link == this) shim().link = nullptr;
  }

  [[nodiscard]] absl::Status Connect() override {
    if (host_.doors_.bug == Bug::kKillAtStart && shim().trainer) host_.SignalTrainer(slot_, SIGKILL);
    shim().alive = true;
    shim().link = this;
    running_dir_ = shim().running_dir;
    return absl::OkStatus();
  }
  [[nodiscard]] bool connected() const override { return host_.shims_[static_cast<size_t>(slot_)].link == this; }
  [[nodiscard]] const std::string& running_dir() const override { return running_dir_; }
  void Run(const std::string& dir, const shim::Words&) override { host_.RunTrainer(slot_, dir); }
  void Signal(int number) override { host_.SignalTrainer(slot_, number); }
  void Quit() override {
    if (!shim().trainer) shim() = Shim{};
  }

  void TellEnded(const std::string& dir, core::Exit exit);
  void TellLost() {
    running_dir_.clear();
    host_.world_.After(1, process_, handlers_.on_lost);
  }

 private:
  [[nodiscard]] Shim& shim() { return host_.shims_[static_cast<size_t>(slot_)]; }

  Host& host_;
  const ProcessPtr process_;
  const int slot_;
  const Handlers handlers_;
  std::string running_dir_;
};

class Host::SimMachine final : public worker::Machine {
 public:
  SimMachine(Host& host, ProcessPtr process) : host_(host), process_(std::move(process)) {}

  [[nodiscard]] std::unique_ptr<worker::SlotLink> MakeLink(int slot, worker::SlotLink::Handlers handlers) override {
    return std::make_unique<SimLink>(host_, process_, slot, std::move(handlers));
  }
  [[nodiscard]] int WatchFile(const std::string& path, std::function<void()> on_change) override {
    watches_[++last_watch_] = {path, std::move(on_change)};
    return last_watch_;
  }
  void Unwatch(int id) override { watches_.erase(id); }
  void KillLeftovers(const std::string& dir) override {
    for (Shim& shim : host_.shims_) {
      if (shim.running_dir != dir || !shim.trainer) continue;
      host_.JudgeStop(*shim.trainer);
      shim.trainer->Kill(SIGKILL);
    }
  }
  [[nodiscard]] uint64_t RunningForMs(const std::string&) const override { return 0; }
  [[nodiscard]] double UnixSeconds() const override { return host_.world_.unix_s() - host_.world_.wall_jump_s; }

  void Changed(const std::string& path) {
    host_.world_.After(host_.world_.random().Below(3), process_, [this, path] {
      for (const auto& [id, watch] : std::map(watches_)) {
        if (watch.first == path) watch.second();
      }
    });
  }

 private:
  Host& host_;
  const ProcessPtr process_;
  int last_watch_ = 0;
  std::map<int, std::pair<std::string, std::function<void()>>> watches_;
};

struct Host::Daemon {
  Daemon(Host& host, const ProcessPtr& made)
      : process(made),
        state(*worker::StateDir::Open(host.dir_)),
        loop(host.world_, process),
        machine(host, process),
        fleet(host.world_, host.doors_.coordinator, host.link_, process),
        transfers(host.world_, process),
        roster({loop, fleet, transfers, machine, state}, MakeSetup(),
               {[this] { session.Kick(); }, [this](uint64_t number) { session.OnRefused(number); }}),
        session({loop, fleet, roster, machine}, {absl::StrCat("host", host.number_), "sim", "boot"},
                [this, &host](worker::Renewals::OnReply on_reply) {
                  return std::make_unique<SimRenewals>(host.world_, fleet, process, state.worker_id(),
                                                       std::move(on_reply));
                }) {}

  static worker::Roster::Setup MakeSetup() {
    worker::Trainers trainers("");
    (void)trainers.Add("sim=/bin/true");
    return {worker::PlacesFrom("", kSlots, kSlots), std::move(trainers)};
  }

  ProcessPtr process;
  worker::StateDir state;
  SimScheduler loop;
  SimMachine machine;
  SimFleet fleet;
  SimTransfers transfers;
  worker::Roster roster;
  worker::Session session;
  uint64_t leave_by_ms = 0;
};

// exit.json wins; what the shim says counts where the disk would not take it.
void Host::SimLink::TellEnded(const std::string& dir, core::Exit exit) {
  running_dir_.clear();
  host_.world_.After(1, process_, [on_ended = handlers_.on_ended, dir, exit] { on_ended(dir, exit); });
}

Host::Host(Doors doors, std::string dir, int number)
    : doors_(doors), world_(doors.world), dir_(std::move(dir)), number_(number), link_(doors.world), shims_(kSlots) {
  WriteIdentity();
}

Host::~Host() { daemon_.reset(); }

std::string Host::worker_id() const {
  return absl::StrCat("00000000", absl::Hex(number_, absl::kZeroPad4), absl::Hex(lives_, absl::kZeroPad4));
}

// Known ids, so that a seed is the same run every time.
void Host::WriteIdentity() {
  fs::create_directories(dir_ + "/worker");
  (void)shim::WriteFile(dir_ + "/worker", "worker.json", absl::StrCat("{\"v\":1,\"id\":\"", worker_id(), "\"}\n"));
}

void Host::StartDaemon() {
  if (daemon_) return;
  auto process = std::make_shared<Process>();
  process->disk_full = disk_full_;
  daemon_ = std::make_unique<Daemon>(*this, process);
  daemon_->roster.Load();
  daemon_->session.Start();
}

void Host::KillDaemon() {
  if (!daemon_) return;
  daemon_->process->alive = false;
  daemon_.reset();
}

void Host::PauseDaemon(uint64_t for_ms) {
  if (daemon_) daemon_->process->paused_until_ms = world_.now_ms() + for_ms;
}

void Host::LeaveDaemon() {
  if (!daemon_ || daemon_->leave_by_ms != 0) return;
  daemon_->leave_by_ms = world_.now_ms() + kLeaveLimitMs;
  daemon_->session.BeginLeaving();
  CheckLeft();
}

void Host::CheckLeft() {
  const bool drained = daemon_->roster.Empty();
  if (!drained && world_.now_ms() < daemon_->leave_by_ms)
    return world_.After(kLeaveCheckMs, daemon_->process, [this] { CheckLeft(); });
  if (drained) {
    daemon_->session.SayGoodbye();
    daemon_->roster.QuitShims();
  }
  daemon_->process->alive = false;
  world_.After(0, [this, process = daemon_->process] {
    if (daemon_ && daemon_->process == process) daemon_.reset();
  });
}

bool Host::Runs(uint64_t token) const {
  for (const Shim& shim : shims_) {
    if (shim.trainer && shim.trainer->running() && shim.trainer->token() == token && fs::exists(shim.trainer->dir()))
      return true;
  }
  return false;
}

void Host::RunTrainer(int slot, const std::string& dir) {
  Shim& shim = shims_[static_cast<size_t>(slot)];
  auto process = std::make_shared<Process>();
  process->disk_full = disk_full_;
  SimTrainer::Handlers handlers{[this, dir] {
                                  if (daemon_) daemon_->machine.Changed(dir + "/events.jsonl");
                                },
                                [this, slot](int code, int signal) { OnTrainerExit(slot, code, signal); }};
  shim.running_dir = dir;
  shim.trainer = std::make_unique<SimTrainer>(SimTrainer::Doors{world_, doors_.oracle, process, doors_.bug}, dir,
                                              std::move(handlers));
  shim.trainer->Start();
}

// The shim's part: exit.json, then word to the daemon.
void Host::OnTrainerExit(int slot, int code, int signal) {
  Shim& shim = shims_[static_cast<size_t>(slot)];
  ended_.push_back(std::move(shim.trainer));
  const std::string dir = std::exchange(shim.running_dir, "");
  if (!shim.alive) return;
  shim::ExitRecord record;
  record.code = code;
  record.signal = signal;
  (void)shim::WriteExitFile(dir, record);
  if (shim.link != nullptr) shim.link->TellEnded(dir, {code, signal, false});
}

// P4 and P5: a worker stops a trainer only when it is not wanted any more, or when the worker itself has to leave.
void Host::JudgeStop(const SimTrainer& trainer) {
  const bool leaving = daemon_ && daemon_->leave_by_ms != 0;
  const bool drained = world_.now_ms() < drained_until_ms_;
  if (trainer.token() == 0 || leaving || drained || !doors_.disk.Wants(trainer.token())) return;
  world_.Violate(absl::StrCat("P4/P5: the trainer of token ", trainer.token(), " is stopped without a reason"));
}

void Host::SignalTrainer(int slot, int number) {
  Shim& shim = shims_[static_cast<size_t>(slot)];
  if (!shim.trainer) return;
  JudgeStop(*shim.trainer);
  if (number == SIGTERM) return shim.trainer->Terminate();
  shim.trainer->Kill(number);
}

void Host::KillShim(int slot) {
  Shim& shim = shims_[static_cast<size_t>(slot)];
  if (!shim.alive) return;
  shim.alive = false;
  if (shim.trainer) shim.trainer->Kill(SIGKILL);
  SimLink* link = std::exchange(shim.link, nullptr);
  if (link != nullptr) link->TellLost();
}

bool Host::KillTrainer(int slot) {
  SimTrainer* trainer = shims_[static_cast<size_t>(slot)].trainer.get();
  if (trainer != nullptr) trainer->Kill(SIGKILL);
  return trainer != nullptr;
}

bool Host::FailTrainer(int slot) {
  SimTrainer* trainer = shims_[static_cast<size_t>(slot)].trainer.get();
  if (trainer != nullptr) trainer->Fail(kCrash);
  return trainer != nullptr;
}

bool Host::PauseTrainer(int slot, uint64_t for_ms) {
  SimTrainer* trainer = shims_[static_cast<size_t>(slot)].trainer.get();
  if (trainer != nullptr) trainer->Pause(world_.now_ms() + for_ms);
  return trainer != nullptr;
}

void Host::CutPower() {
  KillDaemon();
  for (Shim& shim : shims_) {
    if (shim.trainer) LoseUnsynced(*shim.trainer);
    shim.alive = false;
    if (shim.trainer) shim.trainer->Kill(SIGKILL);
  }
  ended_.clear();
}

// Whatever was written since the last fsync: some of it, perhaps.
void Host::LoseUnsynced(const SimTrainer& trainer) {
  const std::string events = trainer.dir() + "/events.jsonl";
  std::error_code error;
  const uint64_t size = fs::file_size(events, error);
  if (error || size <= trainer.synced_bytes()) return;
  fs::resize_file(events, world_.random().Between(trainer.synced_bytes(), size), error);
  if (trainer.synced_bytes() == 0 && world_.random().Chance(0.5)) fs::remove(trainer.dir() + "/spec.json", error);
}

void Host::LoseState() {
  CutPower();
  std::error_code error;
  fs::remove_all(dir_ + "/worker", error);
  ++lives_;
  WriteIdentity();
}

void Host::Heal() {
  *disk_full_ = false;
  link_.Heal();
  StartDaemon();
}

}  // namespace plasa::sim
