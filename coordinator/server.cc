#include "coordinator/server.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/clock.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/file_lock.h"
#include "common/runtime/log.h"
#include "coordinator/artifact_root.h"
#include "coordinator/core_loop.h"
#include "coordinator/endpoints.h"
#include "coordinator/gauges.h"
#include "coordinator/http/server.h"
#include "coordinator/looker.h"
#include "coordinator/probed_parts.h"
#include "coordinator/rpc/server.h"
#include "coordinator/store/artifact_references.h"
#include "coordinator/store/database_file.h"
#include "coordinator/store/identity.h"
#include "coordinator/store/schema.h"
#include "coordinator/store/state_loader.h"
#include "coordinator/store_committer.h"
#include "coordinator/token_files.h"

namespace plasa {
namespace {

constexpr Log kLog("server");
constexpr size_t kReadThreads = 2;
constexpr size_t kMaxQueuedSlowReads = 16;
constexpr size_t kMaxQueuedReads = 1024;

absl::Status CheckAddress(const CoordinatorOptions& options) {
  if (options.listen.IsLoopback() || options.insecure_network) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "refusing to listen on ", options.listen.host,
      ", which other machines reach, without TLS (listen on 127.0.0.1 and use a tunnel, or, on a "
      "network where everybody may read the traffic, add --insecure-network; tokens are asked for either way)"));
}

// Says what to do about a directory of somebody else.
absl::Status WithAdvice(const absl::Status& status) {
  if (!absl::IsPermissionDenied(status)) return status;
  return absl::PermissionDeniedError(
      absl::StrCat(status.message(), " (check its owner and mode, or choose another directory with --state)"));
}

absl::StatusOr<FileLock> TakeState(const std::string& state_dir) {
  if (absl::Status made = MakeDirectories(state_dir, 0700); !made.ok()) return WithAdvice(made);
  absl::StatusOr<FileLock> lock = FileLock::Take(state_dir + "/coordinator.lock");
  if (lock.ok()) return lock;
  if (!absl::IsFailedPrecondition(lock.status())) return WithAdvice(lock.status());
  return absl::FailedPreconditionError(absl::StrCat("another coordinator serves from ", state_dir,
                                                    " (stop it first, or choose another --state directory)"));
}

}  // namespace

// In the order of their start; destroyed from the last to the first.
struct Server::Rooms {
  explicit Rooms(const CoordinatorOptions& o)
      : options(o),
        artifacts(o.state_dir + "/artifacts", o.max_artifact_bytes),
        metrics(PLASA_VERSION),
        reads(kReadThreads, kMaxQueuedReads),
        slow_reads(1, kMaxQueuedSlowReads) {}
  ~Rooms();

  absl::Status OpenStore();
  absl::Status ReadStore(store::Connection database);
  absl::Status StartDeciding();
  absl::Status StartServing();
  [[nodiscard]] absl::StatusOr<coordinator::State> LoadState() const;
  [[nodiscard]] std::string database() const { return store::DatabasePath(options.state_dir); }

  const CoordinatorOptions options;
  RealClock clock;
  Artifacts artifacts;
  Metrics metrics;
  std::optional<FileLock> lock;
  store::Identity identity;
  std::optional<store::Connection> connection;  // until the writer has it
  std::vector<Credential> credentials;
  std::unique_ptr<store::Writer> writer;
  std::unique_ptr<LiveFeed> live;
  std::unique_ptr<Auth> auth;
  std::unique_ptr<StoreCommitter> committer;
  std::unique_ptr<CoreLoop> core;
  std::unique_ptr<Gauges> gauges;
  std::unique_ptr<Looker> looker;
  store::ReadPool reads;
  store::ReadPool slow_reads;  // verdicts: more than a page may take
  std::unique_ptr<store::Reader> http_reader;
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<rpc::Doors> doors;
  std::unique_ptr<rpc::RpcServer> rpc;
  std::string artifact_share;
  std::string http_url;
  std::string grpc_address;
};

absl::Status Server::Rooms::OpenStore() {
  absl::StatusOr<FileLock> taken = TakeState(options.state_dir);
  if (!taken.ok()) return taken.status();
  lock.emplace(*std::move(taken));
  absl::StatusOr<store::Connection> opened = store::OpenDatabase(options.state_dir);
  if (!opened.ok()) return opened.status();
  return store::ExplainOpening(options.state_dir, ReadStore(*std::move(opened)));
}

absl::Status Server::Rooms::ReadStore(store::Connection database) {
  const absl::StatusOr<store::Identity> begun = store::BeginEpoch(database);
  if (!begun.ok()) return begun.status();
  identity = *begun;
  store::Queries queries(std::move(database));
  absl::StatusOr<std::vector<Credential>> known = OpenCredentials(queries, options.state_dir, clock);
  if (!known.ok()) return known.status();
  credentials = *std::move(known);
  absl::StatusOr<std::string> share = OpenArtifactRoot(options.state_dir, options.artifact_root,
                                                       absl::StrCat(identity.cluster_uuid, ".", identity.epoch));
  if (!share.ok()) return share.status();
  artifact_share = *std::move(share);
  const auto referenced = store::ReferencedArtifacts(queries);
  if (!referenced.ok()) return referenced.status();
  if (absl::Status opened_files = artifacts.Open(*referenced); !opened_files.ok()) return opened_files;
  connection.emplace(std::move(queries).TakeConnection());
  return absl::OkStatus();
}

absl::StatusOr<coordinator::State> Server::Rooms::LoadState() const {
  absl::StatusOr<store::Connection> reader = store::Connection::OpenReader(database());
  if (!reader.ok()) return reader.status();
  store::Queries queries(*std::move(reader));
  return store::LoadState(queries);
}

absl::Status Server::Rooms::StartDeciding() {
  absl::StatusOr<coordinator::State> state = LoadState();
  if (!state.ok()) return store::ExplainOpening(options.state_dir, state.status());
  const std::string reserve = options.state_dir + "/reserve";
  if (absl::Status reserved = store::MakeReserve(reserve); !reserved.ok()) return reserved;
  store::Writer::Hooks hooks{[this](double seconds, size_t jobs) { metrics.ObserveCommit(seconds, jobs); }};
  writer = std::make_unique<store::Writer>(*std::move(connection), reserve, std::move(hooks));
  connection.reset();
  live = std::make_unique<LiveFeed>(identity.epoch);
  auth = std::make_unique<Auth>(
      clock, std::move(credentials), [this](const Credential& credential, std::function<void(absl::Status)> done) {
        writer->Post({[row = RowOf(credential)](store::Queries& queries) { return store::PutCredential(queries, row); },
                      std::move(done)});
      });
  committer = std::make_unique<StoreCommitter>(*writer, [this] { return LoadState(); });
  core = std::make_unique<CoreLoop>(CoreLoop::Doors{clock, *committer, *live, metrics, artifacts});
  core->Start(*std::move(state));
  absl::StatusOr<std::unique_ptr<store::Reader>> reader = store::Reader::Open(database());
  if (!reader.ok()) return reader.status();
  gauges = std::make_unique<Gauges>(*std::move(reader), database() + "-wal", metrics);
  absl::StatusOr<std::unique_ptr<store::Reader>> looker_reader = store::Reader::Open(database());
  if (!looker_reader.ok()) return looker_reader.status();
  looker = std::make_unique<Looker>(*std::move(looker_reader), *live, core->commands());
  return reads.Start(database());
}

absl::Status Server::Rooms::StartServing() {
  const ListenAddress address = WithRecordedPorts(options.listen, options.state_dir);
  absl::StatusOr<std::unique_ptr<store::Reader>> reader = store::Reader::Open(database());
  if (!reader.ok()) return reader.status();
  http_reader = *std::move(reader);
  if (absl::Status started = slow_reads.Start(database()); !started.ok()) return started;
  http::HttpOptions http_options{address.host,
                                 static_cast<uint16_t>(address.http_port),
                                 options.allowed_hosts,
                                 {},
                                 {PLASA_VERSION, identity.cluster_uuid, identity.epoch}};
  http = std::make_unique<HttpServer>(std::move(http_options), core->commands(), *http_reader, slow_reads, *live, *auth,
                                      metrics.registry());
  if (absl::Status started = http->Start(); !started.ok()) return started;
  http_url = HttpUrl(address.host, http->port());
  rpc::ServerInfo info{PLASA_VERSION,         identity.cluster_uuid, identity.epoch, http_url,
                       store::kSchemaVersion, options.state_dir,     artifact_share, clock.SteadyMs()};
  doors = std::make_unique<rpc::Doors>(
      rpc::Doors{core->commands(), *auth, *live, artifacts, metrics, reads, clock, std::move(info)});
  rpc::RpcOptions rpc_options;
  rpc_options.host = address.host;
  rpc_options.port = address.grpc_port;
  rpc = std::make_unique<rpc::RpcServer>(std::move(rpc_options), *doors);
  if (absl::Status started = rpc->Start(); !started.ok()) return started;
  grpc_address = HostPort(address.host, rpc->port());
  return WriteEndpoints(options.state_dir, address.host, http->port(), rpc->port());
}

// Calls end first, so that nobody is answered by a room that is gone; the database is closed last.
Server::Rooms::~Rooms() {
  if (core) core->Stop();
  looker.reset();
  if (rpc) rpc->Stop();
  if (http) http->Stop();
  reads.Stop();
  slow_reads.Stop();
  if (!writer) return;
  writer->Post(
      {[](store::Queries& queries) { return store::MarkClosed(queries.connection()); }, [](const absl::Status&) {}});
  writer.reset();  // commits what waits, while those who wait for it are still there
}

Server::Server(std::unique_ptr<Rooms> rooms) : rooms_(std::move(rooms)) {}

Server::~Server() = default;

std::vector<ProbedPart> Server::ProbedParts() const {
  return {CorePart(*rooms_->core), StorePart(*rooms_->writer), GrpcPart(rooms_->grpc_address),
          HttpPart(rooms_->http_url)};
}

const std::string& Server::http_url() const { return rooms_->http_url; }
const std::string& Server::grpc_address() const { return rooms_->grpc_address; }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const CoordinatorOptions& options) {
  if (absl::Status allowed = CheckAddress(options); !allowed.ok()) return allowed;
  auto rooms = std::make_unique<Rooms>(options);
  for (const auto step : {&Rooms::OpenStore, &Rooms::StartDeciding, &Rooms::StartServing}) {
    if (absl::Status done = (rooms.get()->*step)(); !done.ok()) return done;
  }
  kLog.Info("serving", {{"http", rooms->http_url},
                        {"grpc", rooms->grpc_address},
                        {"state", options.state_dir},
                        {"epoch", absl::StrCat(rooms->identity.epoch)}});
  return std::unique_ptr<Server>(new Server(std::move(rooms)));
}

}  // namespace plasa
