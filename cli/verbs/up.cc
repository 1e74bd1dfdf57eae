#include <signal.h>

#include "absl/strings/str_cat.h"
#include "cli/context.h"
#include "cli/output/interrupt.h"
#include "cli/remote/state_dir.h"
#include "cli/up/readiness.h"
#include "cli/up/supervisor.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

constexpr double kReadySeconds = 60;

struct Options {
  int64_t slots = 0;
  std::string listen = "127.0.0.1";
  std::vector<std::string> trainers;
  bool insecure_network = false;
};

DaemonSpec CoordinatorSpec(const std::filesystem::path& state, const Options& options) {
  std::vector<std::string> arguments{(ProgramDirectory() / "plasa-coordinator").string(), "--state", state.string(),
                                     "--listen", options.listen};
  if (options.insecure_network) arguments.push_back("--insecure-network");
  return {"coordinator", std::move(arguments), state / "logs" / "coordinator.log", state / "run" / "coordinator.pid"};
}

DaemonSpec WorkerSpec(const std::filesystem::path& state, const Options& options, const Endpoints& endpoints) {
  std::vector<std::string> arguments{(ProgramDirectory() / "plasa-worker").string(),
                                     "--state",
                                     state.string(),
                                     "--coordinator",
                                     endpoints.grpc,
                                     "--token-file",
                                     (state / "tokens" / "worker").string()};
  if (options.slots > 0) arguments.insert(arguments.end(), {"--slots", std::to_string(options.slots)});
  for (const std::string& trainer : options.trainers) arguments.insert(arguments.end(), {"--trainer", trainer});
  return {"worker", std::move(arguments), state / "logs" / "worker.log", state / "run" / "worker.pid"};
}

absl::Status CannotMake(const std::filesystem::path& state, const std::error_code& error) {
  const bool refused = error == std::errc::permission_denied || error == std::errc::read_only_file_system;
  return Failure(refused ? absl::StatusCode::kPermissionDenied : absl::StatusCode::kInternal,
                 absl::StrCat("cannot make ", state.string(), ": ", error.message()),
                 "choose a directory you may write to with --state DIR");
}

absl::StatusOr<FileLock> LockState(const std::filesystem::path& state) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(state, error);
  if (made)
    std::filesystem::permissions(state, std::filesystem::perms::owner_all, error);  // as the coordinator makes it
  if (error) return CannotMake(state, error);
  auto lock = FileLock::Take(state / "up.lock");
  if (!absl::IsFailedPrecondition(lock.status())) return lock;
  return Failure(absl::StatusCode::kFailedPrecondition,
                 absl::StrCat("another `plasactl up` already looks after ", state.string()),
                 "use it as it is, or name another directory with --state DIR");
}

void Announce(Context& context, const std::filesystem::path& state, const Service& service) {
  View view;
  view.json = {{"v", 1},
               {"http", service.endpoints.http},
               {"grpc", service.endpoints.grpc},
               {"dashboard", service.dashboard},
               {"state", state.string()}};
  view.table.columns = {{"http"}, {"grpc"}, {"dashboard"}, {"state"}};
  view.table.rows = {{service.endpoints.http, service.endpoints.grpc, service.dashboard, state.string()}};
  if (!context.out().for_people()) return context.out().Print(view);
  const bool is_default = state == StateDirectory("");
  const std::string flag = is_default ? "" : absl::StrCat("--state ", state.string(), " ");
  context.out().PrintRaw(absl::StrCat("plasa is up: ", service.endpoints.http, "\n  dashboard (the link works once)  ",
                                      service.dashboard, "\n  workers join at                  ",
                                      service.endpoints.grpc, "\n  everything is kept in            ", state.string(),
                                      "\nNext, in another terminal: plasactl ", flag, "submit demo --watch\n",
                                      "Ctrl-C stops coordinator and worker; trainers write a checkpoint first.\n"));
}

// Starts the worker and waits until both serve.
absl::StatusOr<Service> StartWorker(const std::filesystem::path& state, const Endpoints& endpoints, Daemon* worker,
                                    const std::function<bool()>& stop) {
  if (absl::Status status = worker->AdoptOrStart(); !status.ok()) return status;
  if (absl::Status status = AwaitWorker(state, {worker, stop, kReadySeconds}); !status.ok()) return status;
  auto link = DashboardLink(state);
  if (!link.ok()) return link.status();
  return Service{endpoints, *std::move(link)};
}

// Options of this call do not reach a daemon that was running already.
void NoteAdoption(const Daemon& daemon, const Say& say) {
  if (daemon.adopted()) {
    say(absl::StrCat("took over the running ", daemon.name(), " (pid ", daemon.pid(),
                     ") with the options it was started with"));
  }
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const std::filesystem::path state = context.state_dir();
  const auto lock = LockState(state);
  if (!lock.ok()) return lock.status();
  const Interrupt interrupt;
  const auto stop = [&interrupt] { return interrupt.Requested() > 0; };
  const Say say = [&context](const std::string& text) { context.out().Note(text); };
  Daemon coordinator(CoordinatorSpec(state, options));
  if (absl::Status status = coordinator.AdoptOrStart(); !status.ok()) return status;
  const auto endpoints = AwaitCoordinator(state, {&coordinator, stop, kReadySeconds});
  if (!endpoints.ok()) {
    coordinator.Signal(SIGTERM);
    return endpoints.status();
  }
  Daemon worker(WorkerSpec(state, options, *endpoints));
  const auto service = StartWorker(state, *endpoints, &worker, stop);
  if (service.ok()) {
    NoteAdoption(coordinator, say);
    NoteAdoption(worker, say);
    Announce(context, state, *service);
    Supervise(&coordinator, &worker, interrupt, say);
  }
  StopAll(&coordinator, &worker, interrupt, say);
  return service.ok() ? absl::StatusOr<ExitCode>(ExitCode::kOk) : service.status();
}

}  // namespace

Verb UpVerb() {
  return {"up", "Run a coordinator and a worker on this machine",
          "  plasactl up\n  plasactl up --state ./state --slots 4\n  plasactl up --listen 127.0.0.1:8080 -o json\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Option("--slots", "N", &options->slots, "trials at the same time (default: what the devices allow)");
            a.Option("--listen", "HOST[:HTTP[:GRPC]]", &options->listen,
                     "where to serve; port 0 = any (127.0.0.1:7311:7312)");
            a.Option("--trainer", "NAME=PATH", &options->trainers, "one more program that sweeps may name; repeatable");
            a.Flag("--insecure-network", &options->insecure_network, "allow --listen beyond this machine without TLS");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
