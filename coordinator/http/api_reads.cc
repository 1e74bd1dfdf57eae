#include "coordinator/http/api_reads.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "coordinator/http/api_json.h"
#include "coordinator/http/json_reply.h"
#include "coordinator/http/query_numbers.h"
#include "coordinator/overlay.h"

namespace plasa::http {
namespace {

namespace json = boost::json;

constexpr size_t kMaxSweeps = 1000;
constexpr size_t kMaxLogBytes = 1 << 20;

struct SweepPage {
  uint64_t cursor;
  bool whole;  // its trials are read with all of it, or as rows
  store::SweepView sweep;
  std::vector<store::TrialView> trials;
};

// Whether a sweep is asked for with all of its trials, or with rows of them.
absl::StatusOr<bool> AsksForWholeTrials(const Request& request) {
  const std::string asked = request.Query("trials");
  if (!asked.empty() && asked != "rows") return absl::InvalidArgumentError("trials is rows or not given");
  return asked.empty();
}

std::vector<std::string> IdsOf(const std::vector<store::TrialView>& trials) {
  std::vector<std::string> ids;
  ids.reserve(trials.size());
  for (const store::TrialView& trial : trials) ids.push_back(trial.id);
  return ids;
}

bool HaveEnded(const std::vector<store::TrialView>& trials) {
  const auto goes_on = [](const store::TrialView& trial) {
    return trial.state == "queued" || trial.state == "running" || trial.state == "suspect";
  };
  return std::none_of(trials.begin(), trials.end(), goes_on);
}

Reply SweepReply(const Judgements& judged, SweepPage& page) {
  Overlay(judged, &page.sweep);
  for (store::TrialView& trial : page.trials) Overlay(judged, &trial);
  return JsonReply({{"cursor", page.cursor},
                    {"sweep", SweepJson(page.sweep)},
                    {"trials", ListJson(page.trials, page.whole ? TrialJson : TrialRowJson)}});
}

absl::StatusOr<SweepPage> ReadSweep(store::Reader& reader, const std::string& id, uint64_t cursor, bool whole) {
  absl::StatusOr<store::SweepView> sweep = reader.Sweep(id);
  if (!sweep.ok()) return sweep.status();
  absl::StatusOr<std::vector<store::TrialView>> trials = whole ? reader.Trials(id) : reader.TrialRows(id);
  if (!trials.ok()) return trials.status();
  return SweepPage{cursor, whole, *std::move(sweep), *std::move(trials)};
}

absl::StatusOr<Reply> ReadLog(store::Reader& reader, const Request& request) {
  const absl::StatusOr<size_t> bytes = CountOf(request, "bytes", 65'536, kMaxLogBytes);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<std::string> id = reader.FindTrial(IdOf(request));
  if (!id.ok()) return id.status();
  const absl::StatusOr<store::LogView> log = reader.Log(*id, *bytes);
  if (!log.ok()) return log.status();
  return JsonReply(LogJson(*log));
}

}  // namespace

void ApiReads::WithJudgements(std::vector<std::string> trials, Done done,
                              std::function<Reply(const Judgements&)> make) {
  commands_.Judge(
      std::move(trials), [done = std::move(done), make = std::move(make)](absl::StatusOr<Judgements> judged) {
        done(Deferred{
            [make, judged = std::move(judged)] { return judged.ok() ? make(*judged) : StatusReply(judged.status()); }});
      });
}

void ApiReads::Sweeps(const Request& request, Done done) {
  const uint64_t cursor = live_.Cursor();
  const absl::StatusOr<size_t> limit = CountOf(request, "limit", 100, kMaxSweeps);
  if (!limit.ok()) return done(StatusReply(limit.status()));
  absl::StatusOr<std::vector<store::SweepView>> found = reader_.Sweeps(*limit);
  if (!found.ok()) return done(StatusReply(found.status()));
  const auto sweeps = std::make_shared<std::vector<store::SweepView>>(*std::move(found));
  WithJudgements({}, std::move(done), [cursor, sweeps](const Judgements& judged) {
    for (store::SweepView& sweep : *sweeps) Overlay(judged, &sweep);
    return JsonReply({{"cursor", cursor}, {"sweeps", ListJson(*sweeps, SweepJson)}});
  });
}

void ApiReads::Sweep(const Request& request, Done done) {
  const uint64_t cursor = live_.Cursor();
  const absl::StatusOr<std::string> id = reader_.FindSweep(IdOf(request));
  if (!id.ok()) return done(StatusReply(id.status()));
  const absl::StatusOr<bool> whole = AsksForWholeTrials(request);
  if (!whole.ok()) return done(StatusReply(whole.status()));
  if (ended_.id == *id && ended_.whole == *whole && ended_.cursor == cursor) return done(ended_.reply);
  absl::StatusOr<SweepPage> read = ReadSweep(reader_, *id, cursor, *whole);
  if (!read.ok()) return done(StatusReply(read.status()));
  const auto page = std::make_shared<SweepPage>(*std::move(read));
  WithJudgements(IdsOf(page->trials), std::move(done), [this, page](const Judgements& judged) {
    Reply reply = SweepReply(judged, *page);
    if (HaveEnded(page->trials)) ended_ = {page->sweep.id, page->whole, page->cursor, reply};
    return reply;
  });
}

void ApiReads::Trial(const Request& request, Done done) {
  const uint64_t cursor = live_.Cursor();
  const absl::StatusOr<std::string> id = reader_.FindTrial(IdOf(request));
  if (!id.ok()) return done(StatusReply(id.status()));
  absl::StatusOr<store::TrialDetailView> read = reader_.Trial(*id);
  if (!read.ok()) return done(StatusReply(read.status()));
  const absl::StatusOr<std::vector<std::string>> sweeps = reader_.SweepsOf(*id);
  if (!sweeps.ok()) return done(StatusReply(sweeps.status()));
  const auto detail = std::make_shared<store::TrialDetailView>(*std::move(read));
  WithJudgements({*id}, std::move(done), [cursor, detail, sweeps = *sweeps](const Judgements& judged) {
    Overlay(judged, &detail->trial);
    json::object body = TrialDetailJson(*detail);
    body["cursor"] = cursor;
    body["sweeps"] = json::array(sweeps.begin(), sweeps.end());
    return JsonReply(std::move(body));
  });
}

void ApiReads::Verdicts(const Request& request, Done done) {
  const absl::Status taken = slow_.Post([verdicts = verdicts_, sweep = IdOf(request), done](store::Reader& reader) {
    done(ReplyOf(verdicts->Read(reader, sweep)));
  });
  if (!taken.ok()) done(StatusReply(taken));
}

void ApiReads::Leaderboard(const Request&, Done done) {
  const absl::Status taken =
      slow_.Post([verdicts = verdicts_, done](store::Reader& reader) { done(ReplyOf(verdicts->Leaderboard(reader))); });
  if (!taken.ok()) done(StatusReply(taken));
}

void ApiReads::Log(const Request& request, Done done) { done(ReplyOf(ReadLog(reader_, request))); }

void ApiReads::Workers(const Request&, Done done) {
  const uint64_t cursor = live_.Cursor();
  commands_.Workers(/*include_gone=*/false,
                    [cursor, done = std::move(done)](absl::StatusOr<std::vector<WorkerView>> workers) {
                      done(Deferred{[cursor, workers = std::move(workers)] {
                        if (!workers.ok()) return StatusReply(workers.status());
                        return JsonReply({{"cursor", cursor}, {"workers", ListJson(*workers, WorkerJson)}});
                      }});
                    });
}

}  // namespace plasa::http
