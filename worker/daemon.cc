#include "worker/daemon.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/data_cache.h"
#include "worker/json_file.h"
#include "worker/log.h"
#include "worker/shim/process_identity.h"
#include "worker/token_file.h"
#include "worker/trainers.h"

namespace plasa::worker {
namespace {

constexpr uint64_t kDrainLimitMs = 30'000;
constexpr uint64_t kDrainCheckMs = 20;

FleetTarget TargetOf(const Options& options) {
  FleetTarget target;
  target.address = [options] {
    if (!options.coordinator.empty()) return options.coordinator;
    const auto endpoints = ReadJsonFile(options.state + "/endpoints.json");
    return endpoints ? TextOr(*endpoints, "grpc", "") : std::string();
  };
  target.token = [options] {
    return ReadToken(options.token_file.empty() ? options.state + "/tokens/worker" : options.token_file).value_or("");
  };
  return target;
}

absl::Status CheckOptions(const Options& options) {
  if (options.shim.empty()) {
    return absl::NotFoundError("plasa-shim is not beside plasa-worker (install both together, or give --shim PATH)");
  }
  return options.token_file.empty() ? absl::OkStatus() : ReadToken(options.token_file).status();
}

std::vector<SlotPlace> FindPlaces(const Options& options) {
  std::string why = "plasa-trainer is not installed";
  const std::string probe = options.trainer_binary.empty() ? "" : RunProbe(options.trainer_binary, why);
  if (probe.empty()) LogWarning("devices unknown, using CPU slots", {{"why", why}});
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return PlacesFrom(probe, options.slots, cores);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Make(const Options& options, ServiceManager manager) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  Trainers trainers(options.trainer_binary);
  for (const std::string& entry : options.trainers) {
    if (absl::Status status = trainers.Add(entry); !status.ok()) return status;
  }
  absl::StatusOr<StateDir> state = StateDir::Open(options.state);
  if (!state.ok()) return state.status();
  Roster::Setup setup{FindPlaces(options), std::move(trainers), options.artifact_root};
  return std::unique_ptr<Daemon>(new Daemon(options, std::move(manager), *std::move(state), std::move(setup)));
}

Daemon::Daemon(const Options& options, ServiceManager manager, StateDir state, Roster::Setup setup)
    : options_(options),
      manager_(std::move(manager)),
      state_(std::move(state)),
      machine_(loop_, state_, options.shim),
      fleet_(TargetOf(options)),
      roster_({loop_, fleet_, transfer_, machine_, state_}, std::move(setup),
              {[this] { session_.Kick(); }, [this](uint64_t session) { session_.OnRefused(session); }}),
      session_({loop_, fleet_, roster_, machine_}, {options.name, PLASA_VERSION, shim::BootId()},
               [this](Renewals::OnReply on_reply) {
                 return std::make_unique<Renewer>(fleet_, state_.worker_id(), std::move(on_reply));
               }) {}

Daemon::~Daemon() {
  if (signal_fd_ >= 0) close(signal_fd_);
}

void Daemon::Run() {
  WatchSignals();
  RemoveOldData(state_.DataDir());
  roster_.Load();
  LogInfo("worker ready", {{"id", state_.worker_id()}, {"state", options_.state}});
  session_.Start();
  loop_.Post([this] { manager_.Ready(); });
  if (const auto period = manager_.AlivePeriod()) ShowLife(*period);
  loop_.Run();
  manager_.Stopping();
  if (drained_) {
    session_.SayGoodbye();
    roster_.QuitShims();
  }
  LogInfo("worker leaves", {{"trainers", drained_ ? "ended" : "run on"}});
}

// Signals were blocked by main before any thread began, so that all of them come here.
void Daemon::WatchSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (int number : kSignals) sigaddset(&set, number);
  signal_fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  loop_.Watch(signal_fd_, [this] {
    signalfd_siginfo info;
    while (read(signal_fd_, &info, sizeof info) == sizeof info) OnSignal(static_cast<int>(info.ssi_signo));
  });
}

void Daemon::OnSignal(int number) {
  LogInfo("signal", {{"number", absl::StrCat(number)}});
  const bool notice = number == SIGUSR1 || number == SIGUSR2;
  if (number == SIGTERM || number == SIGINT) ++asked_to_leave_;
  const bool leave = number == SIGHUP || asked_to_leave_ > 1 || (options_.leave_trainers && !notice && !draining_);
  if (leave) return Leave();
  if (!draining_) Drain();
}

void Daemon::Drain() {
  draining_ = true;
  drain_deadline_ms_ = loop_.NowMs() + kDrainLimitMs;
  session_.BeginLeaving();
  StopWhenDrained();
}

void Daemon::StopWhenDrained() {
  drained_ = roster_.Empty();
  if (drained_ || loop_.NowMs() >= drain_deadline_ms_) return Leave();
  loop_.RunAfter(kDrainCheckMs, [this] { StopWhenDrained(); });
}

// From the loop: when it hangs, the service manager starts this process again, and trainers run on.
void Daemon::ShowLife(std::chrono::milliseconds period) {
  manager_.Alive();
  loop_.RunAfter(static_cast<uint64_t>(period.count()), [this, period] { ShowLife(period); });
}

void Daemon::Leave() { loop_.Stop(); }

}  // namespace plasa::worker
