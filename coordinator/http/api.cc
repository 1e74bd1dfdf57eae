#include "coordinator/http/api.h"

#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/base/number_text.h"
#include "coordinator/http/json_reply.h"
#include "coordinator/http/query_numbers.h"
#include "coordinator/seed_request.h"

namespace plasa::http {

// `pattern` is the path after /api/v1; `*` stands for one segment.
struct Api::Route {
  Method method;
  std::string_view pattern;
  Scope scope;
  void (Api::*handle)(const Request&, Done);
};

const Api::Route Api::kRoutes[] = {
    {Method::kGet, "info", Scope::kRead, &Api::Info},
    {Method::kGet, "sweeps", Scope::kRead, &Api::Read<&ApiReads::Sweeps>},
    {Method::kGet, "sweeps/*", Scope::kRead, &Api::Read<&ApiReads::Sweep>},
    {Method::kGet, "sweeps/*/curves", Scope::kRead, &Api::Read<&ApiReads::Curves>},
    {Method::kGet, "sweeps/*/verdicts", Scope::kRead, &Api::Read<&ApiReads::Verdicts>},
    {Method::kGet, "sweeps/*/bands", Scope::kRead, &Api::Read<&ApiReads::Bands>},
    {Method::kGet, "sweeps/*/costs", Scope::kRead, &Api::Read<&ApiReads::Costs>},
    {Method::kGet, "trials/*", Scope::kRead, &Api::Read<&ApiReads::Trial>},
    {Method::kGet, "trials/*/metrics", Scope::kRead, &Api::Read<&ApiReads::Metrics>},
    {Method::kGet, "trials/*/log", Scope::kRead, &Api::Read<&ApiReads::Log>},
    {Method::kGet, "workers", Scope::kRead, &Api::Read<&ApiReads::Workers>},
    {Method::kGet, "events", Scope::kRead, &Api::Read<&ApiReads::Events>},
    {Method::kGet, "leaderboard", Scope::kRead, &Api::Read<&ApiReads::Leaderboard>},
    {Method::kGet, "stream", Scope::kRead, &Api::Stream},
    {Method::kPost, "sweeps/*/cancel", Scope::kSubmit, &Api::CancelSweep},
    {Method::kPost, "trials/*/cancel", Scope::kSubmit, &Api::CancelTrial},
    {Method::kPost, "sweeps/*/retry", Scope::kSubmit, &Api::RetrySweep},
    {Method::kPost, "trials/*/retry", Scope::kSubmit, &Api::RetryTrial},
    {Method::kPost, "sweeps/*/add-seeds", Scope::kSubmit, &Api::AddSeeds},
};

namespace {

bool Fits(std::string_view pattern, const std::vector<std::string>& path) {
  const std::vector<std::string> wanted = absl::StrSplit(absl::string_view(pattern.data(), pattern.size()), '/');
  if (path.size() != wanted.size() + 2 || path[1] != "v1") return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] != "*" && wanted[i] != path[i + 2]) return false;
  }
  return true;
}

Reply WrongMethod(Method allowed) {
  const bool reads = allowed == Method::kGet;
  Reply reply = ErrorReply(405, "METHOD_NOT_ALLOWED", reads ? "This is read with GET." : "This is done with POST.");
  reply.headers.emplace_back("Allow", reads ? "GET, HEAD" : "POST");
  return reply;
}

}  // namespace

Api::Api(ServerIdentity identity, Commands& commands, store::Reader& reader, store::ReadPool& slow,
         const LiveFeed& live, const Sessions& sessions)
    : identity_(std::move(identity)),
      start_(std::chrono::steady_clock::now()),
      commands_(commands),
      reader_(reader),
      sessions_(sessions),
      reads_(commands, reader, slow, live) {}

void Api::Handle(const Request& request, Done done) {
  for (const Route& route : kRoutes) {
    if (!Fits(route.pattern, request.path)) continue;
    if (route.method != request.method) return done(WrongMethod(route.method));
    const absl::Status allowed = sessions_.Check(request, route.scope);
    if (!allowed.ok()) return done(StatusReply(allowed));
    return (this->*route.handle)(request, std::move(done));
  }
  done(ErrorReply(404, "NOT_FOUND", "The API has no such address.", "docs/http-api.md lists them all."));
}

void Api::Info(const Request&, Done done) {
  const std::chrono::duration<double> uptime = std::chrono::steady_clock::now() - start_;
  done(JsonReply({{"version", identity_.version},
                  {"cluster_uuid", identity_.cluster_uuid},
                  {"epoch", identity_.epoch},
                  {"uptime_s", uptime.count()}}));
}

// A browser that reconnects repeats the address it began with and names the last event it saw in a header of its own.
void Api::Stream(const Request& request, Done done) {
  if (request.head) return done(ErrorReply(405, "METHOD_NOT_ALLOWED", "A stream is opened with GET."));
  const std::string text = request.last_event_id.empty() ? request.Query("cursor") : request.last_event_id;
  if (text.empty()) return done(StreamStart{});
  const std::optional<int64_t> cursor = ParseInt(text);
  done(StreamStart{cursor && *cursor > 0 ? static_cast<uint64_t>(*cursor)
                                         : 0});  // what is no cursor begins with `reset`
}

void Api::RetrySweep(const Request& request, Done done) {
  Retry(true, reader_.FindSweep(IdOf(request)), std::move(done));
}
void Api::RetryTrial(const Request& request, Done done) {
  Retry(false, reader_.FindTrial(IdOf(request)), std::move(done));
}

void Api::Retry(bool is_sweep, const absl::StatusOr<std::string>& id, Done done) {
  if (!id.ok()) return done(StatusReply(id.status()));
  commands_.Retry({{}, is_sweep, *id}, [done = std::move(done)](absl::StatusOr<RetryOutcome> outcome) {
    if (!outcome.ok()) return done(StatusReply(outcome.status()));
    done(JsonReply({{"trials", outcome->trials}, {"requeued", outcome->requeued}}));
  });
}

void Api::AddSeeds(const Request& request, Done done) {
  const absl::StatusOr<size_t> count = CountOf(request, "seeds", 0, kMostSeedsAtOnce);
  if (!count.ok()) return done(StatusReply(count.status()));
  absl::StatusOr<AddSeedsCommand> command = MoreSeedsOf(reader_, IdOf(request), static_cast<uint32_t>(*count));
  if (!command.ok()) return done(StatusReply(command.status()));
  commands_.AddSeeds(*std::move(command), [done = std::move(done)](absl::StatusOr<SubmitOutcome> outcome) {
    if (!outcome.ok()) return done(StatusReply(outcome.status()));
    done(JsonReply({{"trials", outcome->trials}, {"created", outcome->created}, {"requeued", outcome->requeued}}));
  });
}

void Api::CancelSweep(const Request& request, Done done) {
  Cancel(true, reader_.FindSweep(IdOf(request)), std::move(done));
}
void Api::CancelTrial(const Request& request, Done done) {
  Cancel(false, reader_.FindTrial(IdOf(request)), std::move(done));
}

void Api::Cancel(bool is_sweep, const absl::StatusOr<std::string>& id, Done done) {
  if (!id.ok()) return done(StatusReply(id.status()));
  commands_.Cancel({{}, is_sweep, *id}, [done = std::move(done)](absl::StatusOr<CancelOutcome> outcome) {
    if (!outcome.ok()) return done(StatusReply(outcome.status()));
    done(JsonReply({{"canceled", outcome->canceled}, {"kept", outcome->kept}}));
  });
}

}  // namespace plasa::http
