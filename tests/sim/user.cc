#include "user.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace plasa::sim {
namespace {

constexpr uint64_t kAskAgainMs = 500;
constexpr double kAnswerIsLost = 0.3;

constexpr char kEarly[] =
    R"("metric":{"name":"loss","goal":"minimize"},"early_terminate":{"type":"hyperband","min_iter":2,"eta":2},)";

std::string SweepText(const std::string& name, int from, int to, bool stops_early, uint64_t lost_after_ms) {
  std::string values;
  for (int x = from; x <= to; ++x) absl::StrAppend(&values, x == from ? "" : ",", x);
  return absl::StrCat(
      R"({"name":")", name, R"(",)", stops_early ? kEarly : "", R"("method":"grid","parameters":{"x":{"values":[)",
      values, R"(]}},"plasa":{"trainer":"sim","seeds":2,"max_attempts":20,"lost_after":)", lost_after_ms / 1000, "}}");
}

// A refusal that another try may not meet.
bool IsPassing(const absl::Status& status) { return absl::IsUnavailable(status) || absl::IsResourceExhausted(status); }

}  // namespace

void User::Insist(Ask ask) {
  asks_.push_back(std::move(ask));
  if (asks_.size() == 1) Next();
}

void User::Next() { Try({absl::StrCat("request-", ++last_request_), "body"}); }

void User::Try(const RequestTag& tag) {
  (void)coordinator_.Receive(
      [this, tag, ask = asks_.front()](Commands& commands, Artifacts&) {
        ask(commands, tag, [this, tag](const absl::StatusOr<std::string>& answer) { OnAnswer(tag, answer); });
      },
      nullptr);
  world_.After(kAskAgainMs, [this, tag] {
    if (tag.id == absl::StrCat("request-", last_request_) && !asks_.empty()) Try(tag);
  });
}

// P1 for users: the same request has one answer, however often it is asked.
void User::OnAnswer(const RequestTag& tag, const absl::StatusOr<std::string>& answer) {
  if (IsPassing(answer.status())) return;
  const uint64_t restores = coordinator_.disk().restores();
  if (answer.ok()) {
    const auto [known, first] = answers_.emplace(std::pair(restores, tag.id), *answer);
    if (known->second != *answer)
      world_.Violate(absl::StrCat("P1: ", tag.id, " was answered ", known->second, " and then ", *answer));
  }
  const bool current = tag.id == absl::StrCat("request-", last_request_) && !asks_.empty();
  if (!current || world_.random().Chance(kAnswerIsLost)) return;
  asks_.pop_front();
  if (!asks_.empty()) Next();
}

void User::Submit(const std::string& name, int from, int to, bool stops_early) {
  const std::string text = SweepText(name, from, to, stops_early, lost_after_ms_);
  Insist([this, name, text](Commands& commands, const RequestTag& tag, const Answered& answered) {
    commands.Submit({tag, text}, [this, name, answered](const absl::StatusOr<SubmitOutcome>& outcome) {
      if (!outcome.ok()) return answered(outcome.status());
      sweep_ids_[name] = outcome->sweep_id;
      if (coordinator_.disk().store().sweeps().count(outcome->sweep_id) == 0)
        world_.Violate("P1: a submission is answered before it is durable");
      answered(absl::StrCat(outcome->trials, " trials, ", outcome->created, " new, ", outcome->requeued, " again"));
    });
  });
}

void User::Cancel(const std::string& name) {
  Insist([this, name](Commands& commands, const RequestTag& tag, const Answered& answered) {
    const std::string id = sweep_ids_[name];
    commands.Cancel({tag, true, id}, [this, id, answered](const absl::StatusOr<CancelOutcome>& outcome) {
      if (!outcome.ok()) return answered(outcome.status());
      if (!coordinator_.disk().WasCanceled(id)) world_.Violate("P1: a cancellation is answered before it is durable");
      answered(absl::StrCat(outcome->canceled, " canceled, ", outcome->kept, " kept"));
    });
  });
}

void User::Drain(const std::string& worker, bool undo) {
  Insist([worker, undo](Commands& commands, const RequestTag& tag, const Answered& answered) {
    commands.Drain({tag, worker, undo}, [answered](const absl::StatusOr<WorkerView>& view) {
      answered(view.ok() ? absl::StatusOr<std::string>("drained") : view.status());
    });
  });
}

}  // namespace plasa::sim
