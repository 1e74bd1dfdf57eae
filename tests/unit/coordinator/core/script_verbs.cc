// What the lines of a script do.
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "script_runner.h"

namespace plasa::coordinator {
namespace {

constexpr int64_t kTickMs = 200;

}  // namespace

std::string ScriptRunner::Register(const ScriptWords& words, Effects* fx) {
  RegisterCommand command;
  command.worker_id = words.plain.at(1);
  command.name = command.worker_id;
  for (int32_t i = 0; i < Number(words.Get("slots", "1")); ++i)
    command.slots.push_back(
        {i,
         {words.Get("kind", "cpu"), "model", static_cast<uint64_t>(Number(words.Get("memory", "1073741824"))),
          words.Get("class", "c")}});
  command.trainers = List(words.Get("trainers", "plasa"));
  for (const std::string& token : List(words.Get("held"))) command.held.push_back(static_cast<uint64_t>(Number(token)));
  command.number = std::stoull(words.Get("number", "0"));
  const auto outcome = core_->OnRegister(command, now_, fx);
  if (!outcome.ok()) return Refusal(outcome.status());
  std::string trace = absl::StrCat("session ", outcome->session, "\n");
  for (const TokenVerdict& verdict : outcome->verdicts) {
    absl::StrAppend(&trace, verdict.token,
                    verdict.verdict == Verdict::kFenced   ? " fenced"
                    : verdict.verdict == Verdict::kCancel ? " cancel"
                                                          : " ok",
                    " acked ", verdict.acked_seq, "\n");
  }
  return trace;
}

std::string ScriptRunner::Submit(const ScriptWords& words, Effects* fx) {
  const std::string& name = words.plain.at(1);
  const std::string param = ParameterOf(words), text = SweepText(words);
  const auto submission = PrepareSubmission(text);
  if (!submission.ok()) return Refusal(submission.status());
  NameTrials(submission->trials, param);
  sweep_ids_[name] = submission->sweep_id;
  const auto outcome = core_->OnSubmit({words.Get("id"), words.Get("body", name)}, *submission, now_, fx);
  if (!outcome.ok()) return Refusal(outcome.status());
  return absl::StrCat("trials ", outcome->trials, " created ", outcome->created, " requeued ", outcome->requeued, "\n");
}

void ScriptRunner::NameTrials(const std::vector<TrialSpec>& trials, const std::string& param) {
  for (const TrialSpec& trial : trials) {
    const std::string called = absl::StrCat(param, "=", trial.params.at(param).CanonicalJson(), "#", trial.seed);
    trial_ids_[called] = trial.id;
    trial_names_[trial.id] = called;
  }
}

// "seeds s 3,4 x=1 known=0 rule": the rule adds seeds 3 and 4 to the cell x=1; without x to all; without seeds it
// stops.
std::string ScriptRunner::AddSeeds(const ScriptWords& words, Effects* fx) {
  AddSeedsCommand command;
  command.tag = {words.Get("id"), words.Get("body", "seeds")};
  command.sweep = SweepId(words.plain.at(1));
  for (size_t i = 2; i < words.plain.size(); ++i) {
    if (words.plain[i] == "rule") command.by_rule = true;
    if (words.plain[i] == "rule") continue;
    for (const std::string& seed : List(words.plain[i])) command.seeds.push_back(Number(seed));
  }
  command.why = command.seeds.empty() ? "decided" : "not decided";
  const Sweep* sweep = nullptr;
  if (const auto found = core_->state().sweeps.find(command.sweep); found != core_->state().sweeps.end())
    sweep = &found->second;
  if (sweep != nullptr) command.known = sweep->record.replication.added.size();
  if (words.Has("known")) command.known = static_cast<uint64_t>(Number(words.Get("known")));
  std::set<std::string> cells;
  for (const std::string& x : List(words.Get("x"))) cells.insert(absl::StrCat("{\"x\":", x, "}"));
  const auto more = PrepareMoreSeeds(sweep == nullptr ? "" : sweep->record.spec_json,
                                     sweep == nullptr ? std::vector<int64_t>() : command.seeds, cells);
  if (!more.ok()) return Refusal(more.status());
  NameTrials(more->trials, "x");
  const auto outcome = core_->OnAddSeeds(command, *more, now_, fx);
  if (!outcome.ok()) return Refusal(outcome.status());
  return absl::StrCat("trials ", outcome->trials, " created ", outcome->created, " requeued ", outcome->requeued, "\n");
}

std::string ScriptRunner::Exchange(const ScriptWords& words, Effects* fx) {
  ExchangeCommand command;
  command.worker_id = words.plain.at(1);
  command.session = static_cast<uint64_t>(Number(words.Get("session", std::to_string(SessionOf(command.worker_id)))));
  for (const std::string& slot : List(words.Get("free")))
    command.free_slots.push_back(static_cast<int32_t>(Number(slot)));
  for (const std::string& token : List(words.Get("held"))) command.held.push_back(static_cast<uint64_t>(Number(token)));
  for (const std::string& text : List(words.Get("finished"))) {
    const std::vector<std::string> parts = absl::StrSplit(text, absl::ByAnyChar(":@"));
    FinishedAttempt finished;
    finished.token = static_cast<uint64_t>(Number(parts[0]));
    finished.succeeded = parts[1] == "ok";
    finished.cause = finished.succeeded ? "" : parts[1];
    finished.message = finished.succeeded ? "" : "as told";
    finished.last_seq = static_cast<uint64_t>(Number(parts[2]));
    finished.log_tail = words.Get("log");
    command.finished.push_back(finished);
  }
  for (const std::string& token : List(words.Get("logs")))
    command.logs.push_back({static_cast<uint64_t>(Number(token)), 0, "some output"});
  command.wait_ms = static_cast<uint32_t>(Milliseconds(words.Get("wait", "20s")));
  parked_[++last_ticket_] = command.worker_id;
  command.number = std::stoull(words.Get("number", "0"));
  core_->OnExchange(last_ticket_, command, now_, fx);
  std::string kept;
  for (const Write& write : fx->writes) {
    const auto* log = std::get_if<AppendLog>(&write);
    if (log != nullptr && !command.logs.empty()) absl::StrAppend(&kept, "log of ", log->piece.token, "\n");
  }
  for (const Ticket ticket : core_->Waiting()) {
    if (ticket == last_ticket_) return kept + "waits\n";
  }
  return kept;
}

std::string ScriptRunner::Renew(const ScriptWords& words, Effects* fx) {
  RenewCommand command{words.plain.at(1), SessionOf(words.plain.at(1)), {}};
  if (words.Has("session")) command.session = static_cast<uint64_t>(Number(words.Get("session")));
  for (const std::string& token : List(words.plain.size() > 2 ? words.plain[2] : ""))
    command.tokens.push_back(static_cast<uint64_t>(Number(token)));
  const auto outcome = core_->OnRenew(command, now_, fx);
  if (!outcome.ok()) return Refusal(outcome.status());
  std::string trace;
  for (const TokenVerdict& verdict : outcome->verdicts) {
    absl::StrAppend(&trace, verdict.token,
                    verdict.verdict == Verdict::kFenced   ? " fenced\n"
                    : verdict.verdict == Verdict::kCancel ? " cancel\n"
                                                          : " ok\n");
  }
  return trace + (outcome->drain ? "drain\n" : "");
}

std::string ScriptRunner::Report(const ScriptWords& words, Effects* fx) {
  ReportCommand command;
  command.worker_id = words.plain.at(1);
  command.session = SessionOf(command.worker_id);
  command.token = static_cast<uint64_t>(Number(words.plain.at(2)));
  command.first_seq = static_cast<uint64_t>(Number(words.Get("from", "1")));
  for (size_t i = 3; i < words.plain.size(); ++i)
    command.events.push_back(EventOf(words.plain[i], command.first_seq + i - 3));
  const auto acked = core_->OnReport(command, now_, fx);
  return acked.ok() ? absl::StrCat("acked ", *acked, "\n") : Refusal(acked.status());
}

std::string ScriptRunner::Publish(const ScriptWords& words, Effects* fx) {
  PublishCommand command;
  command.worker_id = words.plain.at(1);
  command.session = SessionOf(command.worker_id);
  command.token = static_cast<uint64_t>(Number(words.plain.at(2)));
  command.checkpoint.step = Number(words.Get("step"));
  command.checkpoint.events_seq = static_cast<uint64_t>(Number(words.Get("seq")));
  command.checkpoint.digest = absl::StrCat("digest-", words.Get("step"));
  command.checkpoint.files = {{"model", 7, absl::StrCat("file-", words.Get("step"))}};
  const auto outcome = core_->OnPublish(command, now_, fx);
  if (!outcome.ok()) return Refusal(outcome.status());
  return outcome->published ? "published\n" : absl::StrCat("not published: ", outcome->reason, "\n");
}

std::string ScriptRunner::Cancel(const ScriptWords& words, Effects* fx) {
  const bool is_sweep = words.plain.at(1) == "sweep";
  const std::string id = is_sweep ? SweepId(words.plain.at(2)) : TrialId(words.plain.at(2));
  const auto outcome = core_->OnCancel({{words.Get("id"), words.plain.at(2)}, is_sweep, id}, now_, fx);
  return outcome.ok() ? absl::StrCat("canceled ", outcome->canceled, " kept ", outcome->kept, "\n")
                      : Refusal(outcome.status());
}

std::string ScriptRunner::Retry(const ScriptWords& words, Effects* fx) {
  const bool is_sweep = words.plain.at(1) == "sweep";
  const std::string id = is_sweep ? SweepId(words.plain.at(2)) : TrialId(words.plain.at(2));
  const auto outcome = core_->OnRetry({{words.Get("id"), words.plain.at(2)}, is_sweep, id}, now_, fx);
  return outcome.ok() ? absl::StrCat("requeued ", outcome->requeued, " of ", outcome->trials, "\n")
                      : Refusal(outcome.status());
}

std::string ScriptRunner::Drain(const ScriptWords& words, Effects* fx) {
  const auto view =
      core_->OnDrain({{words.Get("id"), words.plain[0]}, words.plain.at(1), words.plain[0] == "undrain"}, now_, fx);
  return view.ok() ? absl::StrCat(view->state, "\n") : Refusal(view.status());
}

std::string ScriptRunner::Goodbye(const ScriptWords& words, Effects* fx) {
  const absl::Status said = core_->OnGoodbye({words.plain.at(1), SessionOf(words.plain.at(1))}, now_, fx);
  return said.ok() ? "gone\n" : Refusal(said);
}

std::string ScriptRunner::Sleep(const ScriptWords& words, Effects*) {
  now_.steady_ms += Milliseconds(words.plain.at(1));
  return "";
}

std::string ScriptRunner::Advance(const ScriptWords& words, Effects* fx) {
  const int64_t ms = Milliseconds(words.plain.at(1));
  std::string trace;
  const int64_t step = words.plain[0] == "stall" ? ms : kTickMs;
  for (int64_t passed = 0; passed < ms; passed += step) {
    now_.steady_ms += step;
    now_.unix_s += static_cast<double>(step) / 1000;
    *fx = {};
    core_->OnTick(now_, fx);
    trace += Tell(*fx);
    Settle(fx);
  }
  *fx = {};
  return trace;
}

std::string ScriptRunner::Restart(const ScriptWords&, Effects*) {
  core_ = std::make_unique<Core>(store_.Load(), now_);
  parked_.clear();
  return "";
}

std::string ScriptRunner::Restore(const ScriptWords& words, Effects* fx) {
  store_.JumpTokens();
  return Restart(words, fx);
}

std::string ScriptRunner::Explain(const ScriptWords& words, Effects*) {
  std::vector<std::string> ids;
  for (size_t i = 1; i < words.plain.size(); ++i) ids.push_back(TrialId(words.plain[i]));
  const Judgements judged = core_->Judge(ids, now_);
  std::string trace;
  for (const std::string& id : ids) {
    const auto trial = judged.trials.find(id);
    if (trial == judged.trials.end()) trace += "not known\n";
    if (trial != judged.trials.end())
      absl::StrAppend(&trace, trial->second.suspect ? "suspect: " : "", trial->second.explain, "\n");
  }
  return trace;
}

std::string ScriptRunner::Show(const ScriptWords& words, Effects*) {
  const Trial& trial = core_->state().trials.at(TrialId(words.plain.at(1)));
  std::string text = absl::StrCat(std::string(Word(trial.record.state)), " attempts ", trial.attempts,
                                  trial.record.admitted ? " admitted" : "", trial.record.valid ? " valid" : "");
  if (trial.record.cause != Cause::kNone) absl::StrAppend(&text, " cause ", std::string(Word(trial.record.cause)));
  if (trial.checkpoint) absl::StrAppend(&text, " checkpoint ", trial.checkpoint->ref.step);
  if (trial.record.state == TrialState::kPruned) absl::StrAppend(&text, " at ", trial.record.message);
  return text + "\n";
}

std::string ScriptRunner::Certificate(const ScriptWords& words, Effects*) {
  const Trial& trial = core_->state().trials.at(TrialId(words.plain.at(1)));
  const ResumeCertificate& certificate = core_->state().attempts.at(trial.token).certificate;
  if (!certificate.objection.empty()) return absl::StrCat("broken: ", certificate.objection, "\n");
  if (certificate.chain.empty()) return "unattested\n";
  return absl::StrCat("holds, from attempt ", certificate.from, "\n");
}

std::string ScriptRunner::Plan(const ScriptWords& words, Effects*) {
  const auto submission = PrepareSubmission(SweepText(words));
  if (!submission.ok()) return Refusal(submission.status());
  const PlanOutcome plan = core_->Plan(*submission);
  return absl::StrCat("trials ", plan.trials, " existing ", plan.existing, " expected ", plan.expected_s, " s\n");
}

std::string ScriptRunner::Conflict(const ScriptWords& words, Effects*) {
  core_->OnConflict(TrialId(words.plain.at(1)), static_cast<uint64_t>(Number(words.plain.at(2))));
  return "";
}

std::string ScriptRunner::ListWorkers(const ScriptWords& words, Effects*) {
  std::string trace;
  for (const WorkerView& worker : core_->Workers(words.plain.size() > 1, now_)) {
    absl::StrAppend(&trace, worker.id, " ", worker.state, " silent ", worker.silent_s, " s:");
    for (const WorkerSlotView& slot : worker.slots)
      absl::StrAppend(&trace, " ", slot.index, "=", slot.trial.empty() ? "idle" : NameOf(slot.trial));
    trace += '\n';
  }
  return trace;
}

std::string ScriptRunner::Figures(const ScriptWords&, Effects*) {
  const CoreFigures figures = core_->Figures(now_);
  std::string trace =
      absl::StrCat("idle ", figures.idle_slots, " busy ", figures.busy_slots, " oldest ", figures.queue_age_s, " s;");
  for (const auto* words : {&figures.trials, &figures.workers}) {
    for (const auto& [word, count] : *words) {
      if (count > 0) absl::StrAppend(&trace, " ", word, " ", count);
    }
    if (words == &figures.trials) trace += ';';
  }
  return trace + "\n";
}

}  // namespace plasa::coordinator
