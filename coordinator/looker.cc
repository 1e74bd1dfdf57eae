#include "coordinator/looker.h"

#include <boost/json/object.hpp>
#include <chrono>
#include <future>
#include <utility>

#include "analysis/replication.h"
#include "common/runtime/json.h"
#include "common/runtime/log.h"

namespace plasa {
namespace {

constexpr Log kLog("looker");
constexpr auto kPause = std::chrono::milliseconds(100);  // between two passes: every report is news
constexpr auto kAgain = std::chrono::seconds(10);        // after one that failed

}  // namespace

Looker::Looker(std::unique_ptr<store::Reader> reader, LiveFeed& live, Commands& commands)
    : reader_(std::move(reader)), commands_(commands) {
  subscription_ = live.Subscribe([this] {
    const std::lock_guard lock(mutex_);
    news_ = true;
    changed_.notify_all();
  });
  thread_ = std::thread([this] { Run(); });
}

Looker::~Looker() {
  subscription_.Reset();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Looker::Run() {
  std::unique_lock lock(mutex_);
  bool done = true;
  while (!stopping_) {
    const auto due = [this] { return news_ || stopping_; };
    if (done) changed_.wait(lock, due);
    if (!done) changed_.wait_for(lock, kAgain, [this] { return stopping_; });
    if (stopping_) return;
    news_ = false;
    lock.unlock();
    done = LookAtAll();
    lock.lock();
    changed_.wait_for(lock, kPause, [this] { return stopping_; });
  }
}

bool Looker::LookAtAll() {
  const auto sweeps = reader_->SweepsAtALook();
  if (!sweeps.ok()) return false;
  bool done = true;
  for (const std::string& sweep : *sweeps) {
    const absl::Status looked = LookAt(sweep);
    if (looked.ok() || absl::IsUnavailable(looked)) continue;
    kLog.Error("cannot look at a sweep", {{"sweep", sweep}, {"why", std::string(looked.message())}});
    done = false;
  }
  return done;
}

absl::Status Looker::LookAt(const std::string& sweep) {
  absl::StatusOr<AddSeedsCommand> command = Decide(sweep);
  if (!command.ok()) return command.status();
  auto answer = std::make_shared<std::promise<absl::Status>>();
  auto said = answer->get_future();
  commands_.AddSeeds(*std::move(command),
                     [answer](const absl::StatusOr<SubmitOutcome>& outcome) { answer->set_value(outcome.status()); });
  return said.get();
}

absl::StatusOr<AddSeedsCommand> Looker::Decide(const std::string& sweep) {
  const auto view = reader_->Sweep(sweep);
  if (!view.ok()) return view.status();
  const auto questions = analysis::QuestionsOf(ToValue(ParseObjectOrEmpty(view->spec_json)));
  if (!questions.ok()) return absl::InvalidArgumentError(questions.error().Text());
  const auto own = records_.Own(*reader_, sweep);
  if (!own.ok()) return own.status();
  const auto related = records_.Related(*reader_, sweep);
  if (!related.ok()) return related.status();
  const analysis::Replication next = analysis::NextSeeds(*questions, *own, *related);
  AddSeedsCommand command;
  command.sweep = sweep;
  command.spec_json = view->spec_json;
  command.cells = next.cells;
  command.known = view->replication.added.size();
  command.seeds = next.seeds;
  command.why = next.why;
  command.by_rule = true;
  return command;
}

}  // namespace plasa
