#include "script_runner.h"

#include <limits>
#include <set>
#include <sstream>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace plasa::coordinator {
namespace {

constexpr int64_t kTickMs = 200;

int64_t Number(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) throw std::runtime_error("not a number: " + text);
  return number;
}

// "30s", "200ms", "2m".
int64_t Milliseconds(const std::string& text) {
  if (text.ends_with("ms")) return Number(text.substr(0, text.size() - 2));
  if (text.ends_with("m")) return 60'000 * Number(text.substr(0, text.size() - 1));
  return 1000 * Number(text.substr(0, text.size() - 1));
}

std::vector<std::string> List(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : static_cast<std::vector<std::string>>(absl::StrSplit(text, ','));
}

std::string Refusal(const absl::Status& status) {
  return absl::StrCat("refused ", absl::StatusCodeToString(status.code()), ": ", status.message(), "\n");
}

// "start@0", "start:digest-20:build:class@20" (loaded; by which build, on which class), "metric:loss=2@1",
// "audit:1:ok", "progress:200@3", "result:invalid".
TrainerEvent EventOf(const std::string& text, uint64_t seq) {
  const std::vector<std::string> at = absl::StrSplit(text, absl::MaxSplits('@', 1));
  const std::vector<std::string> parts = absl::StrSplit(at[0], ':');
  TrainerEvent event;
  event.seq = seq;
  event.type = parts[0];
  event.step = at.size() > 1 ? Number(at[1]) : 0;
  if (event.type == "start")
    event.facts = StartFacts{100, parts.size() > 3 ? parts[3] : "", parts.size() > 2 ? parts[2] : "build", "data",
                             parts.size() > 1 ? parts[1] : ""};
  if (event.type == "audit") event.facts = AuditFacts{static_cast<int32_t>(Number(parts[1])), parts[2] == "ok"};
  if (event.type == "progress") event.facts = ProgressFacts{Number(parts[1])};
  if (event.type == "result")
    event.facts = ResultFacts{parts.size() < 2,
                              parts.size() < 2 ? std::vector<std::string>() : std::vector<std::string>{"ref_leak"}};
  if (event.type == "metric") {
    const std::vector<std::string> pair = absl::StrSplit(parts[1], '=');
    const bool is_nan = pair[1] == "nan";
    event.metrics.emplace_back(
        pair[0], is_nan ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(Number(pair[1])));
  }
  return event;
}

}  // namespace

// A line taken apart: plain words, and the values of key=value.
struct ScriptRunner::Words {
  std::vector<std::string> plain;
  std::map<std::string, std::string> values;

  [[nodiscard]] std::string Get(const std::string& key, const std::string& fallback = "") const {
    const auto found = values.find(key);
    return found == values.end() ? fallback : found->second;
  }
};

ScriptRunner::ScriptRunner() : core_(std::make_unique<Core>(State(), now_)) {}

std::string ScriptRunner::Run(const std::string& line) {
  static const std::map<std::string, Verb> kVerbs = {
      {"worker", &ScriptRunner::Register},   {"submit", &ScriptRunner::Submit},
      {"exchange", &ScriptRunner::Exchange}, {"renew", &ScriptRunner::Renew},
      {"report", &ScriptRunner::Report},     {"publish", &ScriptRunner::Publish},
      {"seeds", &ScriptRunner::AddSeeds},    {"cancel", &ScriptRunner::Cancel},
      {"retry", &ScriptRunner::Retry},       {"drain", &ScriptRunner::Drain},
      {"undrain", &ScriptRunner::Drain},     {"goodbye", &ScriptRunner::Goodbye},
      {"advance", &ScriptRunner::Advance},   {"stall", &ScriptRunner::Advance},
      {"sleep", &ScriptRunner::Sleep},       {"restart", &ScriptRunner::Restart},
      {"restore", &ScriptRunner::Restore},   {"explain", &ScriptRunner::Explain},
      {"show", &ScriptRunner::Show},         {"plan", &ScriptRunner::Plan},
      {"conflict", &ScriptRunner::Conflict}, {"workers", &ScriptRunner::ListWorkers},
      {"figures", &ScriptRunner::Figures},   {"certificate", &ScriptRunner::Certificate}};
  Words words;
  for (const std::string& word : static_cast<std::vector<std::string>>(absl::StrSplit(line, ' ', absl::SkipEmpty()))) {
    const size_t equals = word.find('=');
    const bool is_plain =
        equals == std::string::npos || word.find('#') != std::string::npos || word.starts_with("metric:");
    if (is_plain) words.plain.push_back(word);
    if (!is_plain) words.values[word.substr(0, equals)] = word.substr(equals + 1);
  }
  const auto verb = kVerbs.find(words.plain.at(0));
  if (verb == kVerbs.end()) throw std::runtime_error("unknown event: " + line);
  Effects fx;
  std::string trace = (this->*verb->second)(words, &fx);
  trace += Tell(fx);
  Settle(&fx);
  return absl::StrReplaceAll(trace, trial_names_);  // ids change with every kResultsVersion
}

void ScriptRunner::Settle(Effects* fx) {
  store_.Apply(fx->writes);
  for (const TrialHistory& history : store_.HistoriesFor(fx->writes)) core_->OnHistory(history);
  if (on_effects) on_effects(*fx);
  if (const std::string broken = CheckInvariants(core_->state()); !broken.empty()) throw std::runtime_error(broken);
  const std::string durable = Dump(store_.Load()), memory = Dump(core_->state());
  if (durable != memory)
    throw std::runtime_error("what is durable is not what the core knows:\n" + durable + "---\n" + memory);
}

// Long polls that this event answered, and leases that were given away.
std::string ScriptRunner::Tell(const Effects& fx) {
  std::ostringstream out;
  for (const Said& said : fx.said) {
    static const std::set<std::string> kTold = {"attempt ended",     "trial succeeded", "trial pruned",
                                                "trial quarantined", "rung decided",    "result counts again"};
    if (!kTold.contains(said.phrase)) continue;
    out << said.phrase;
    for (const auto& [key, value] : said.fields) {
      if (!value.empty() && key != "sweep") out << ' ' << key << '=' << (key == "trial" ? NameOf(value) : value);
    }
    out << '\n';
  }
  for (const ExchangeAnswer& answer : fx.exchanges) {
    const std::string worker = parked_[answer.ticket];
    if (!answer.outcome.ok()) {
      out << worker << ": " << Refusal(answer.outcome.status());
      continue;
    }
    if (answer.outcome->leases.empty() && answer.outcome->finished.empty())
      out << worker << ": nothing" << (answer.outcome->drain ? ", drain" : "") << '\n';
    for (const FinishedAnswer& finished : answer.outcome->finished) {
      out << worker << ": finish of " << finished.token
          << (finished.accepted ? " accepted" : " not accepted: " + finished.reason) << '\n';
    }
    for (const LeaseGrant& lease : answer.outcome->leases) {
      out << worker << ": lease " << lease.token << " trial " << NameOf(lease.trial) << " attempt " << lease.attempt
          << " slot " << lease.slot;
      if (lease.resume) out << " resume " << lease.resume->step;
      out << '\n';
    }
  }
  return out.str();
}

std::string ScriptRunner::NameOf(const std::string& trial) const {
  const auto found = trial_names_.find(trial);
  return found == trial_names_.end() ? trial : found->second;
}

std::string ScriptRunner::TrialId(const std::string& name) const {
  const auto found = trial_ids_.find(name);
  return found == trial_ids_.end() ? name : found->second;
}

std::string ScriptRunner::SweepId(const std::string& name) const {
  const auto found = sweep_ids_.find(name);
  return found == sweep_ids_.end() ? name : found->second;
}

uint64_t ScriptRunner::SessionOf(const std::string& worker) const {
  const auto found = core_->state().workers.find(worker);
  return found == core_->state().workers.end() ? 0 : found->second.record.session;
}

std::string ScriptRunner::Register(const Words& words, Effects* fx) {
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

// The sweep file of a submit line.
std::string ScriptRunner::SweepText(const Words& words) {
  const std::string param = ParameterOf(words);
  std::vector<std::string> resources, keys;
  if (words.values.count("device") > 0) resources.push_back(absl::StrCat("\"device\":\"", words.Get("device"), "\""));
  if (words.values.count("memory") > 0) resources.push_back(absl::StrCat("\"memory\":\"", words.Get("memory"), "\""));
  if (words.values.count("class") > 0)
    resources.push_back(absl::StrCat("\"hardware_class\":\"", words.Get("class"), "\""));
  if (words.values.count("slots") > 0) resources.push_back(absl::StrCat("\"slots\":", words.Get("slots")));
  if (!resources.empty()) keys.push_back(absl::StrCat("\"resources\":{", absl::StrJoin(resources, ","), "}"));
  if (words.values.count("rule") > 0)
    keys.push_back(absl::StrCat("\"log_rules\":{\"", words.Get("rule"), "\":\"", words.Get("then"), "\"}"));
  if (words.values.count("without") > 0)
    keys.push_back(absl::StrCat("\"exclude\":[{\"x\":[", words.Get("without"), "]}]"));
  std::string early;
  if (words.values.count("early") > 0) {
    early = absl::StrCat("\"early_terminate\":{\"type\":\"hyperband\",", words.Get("early"),
                         "},\"metric\":{\"name\":\"loss\",\"goal\":\"", words.Get("goal", "minimize"), "\"},");
  }
  const std::string canary = words.values.count("canary") > 0 ? R"(,"canary":{"value":true})" : "";
  return absl::StrCat(
      "{\"name\":\"", words.plain.at(1), "\",", early, "\"method\":\"grid\",\"parameters\":{\"", param,
      "\":{\"values\":[", words.Get(param, "1"), "]}", canary, "},\"plasa\":{\"trainer\":\"",
      words.Get("trainer", "steps"), "\"",
      words.values.count("until") > 0 ? std::string(R"(,"replicate":"until_decided","contrasts":["x=1 - x=2"])")
                                      : absl::StrCat(",\"seeds\":", words.Get("seeds", "1")),
      ",\"priority\":", words.Get("priority", "0"), ",\"lost_after\":\"", words.Get("lost_after", "60s"),
      "\",\"max_attempts\":", words.Get("max_attempts", "3"), keys.empty() ? "" : ",", absl::StrJoin(keys, ","), "}}");
}

std::string ScriptRunner::ParameterOf(const Words& words) {
  return words.values.count("seq_len") > 0 ? "seq_len" : "x";
}

std::string ScriptRunner::Submit(const Words& words, Effects* fx) {
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
std::string ScriptRunner::AddSeeds(const Words& words, Effects* fx) {
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
  if (words.values.count("known") > 0) command.known = static_cast<uint64_t>(Number(words.Get("known")));
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

std::string ScriptRunner::Exchange(const Words& words, Effects* fx) {
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

std::string ScriptRunner::Renew(const Words& words, Effects* fx) {
  RenewCommand command{words.plain.at(1), SessionOf(words.plain.at(1)), {}};
  if (words.values.count("session") > 0) command.session = static_cast<uint64_t>(Number(words.Get("session")));
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

std::string ScriptRunner::Report(const Words& words, Effects* fx) {
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

std::string ScriptRunner::Publish(const Words& words, Effects* fx) {
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

std::string ScriptRunner::Cancel(const Words& words, Effects* fx) {
  const bool is_sweep = words.plain.at(1) == "sweep";
  const std::string id = is_sweep ? SweepId(words.plain.at(2)) : TrialId(words.plain.at(2));
  const auto outcome = core_->OnCancel({{words.Get("id"), words.plain.at(2)}, is_sweep, id}, now_, fx);
  return outcome.ok() ? absl::StrCat("canceled ", outcome->canceled, " kept ", outcome->kept, "\n")
                      : Refusal(outcome.status());
}

std::string ScriptRunner::Retry(const Words& words, Effects* fx) {
  const bool is_sweep = words.plain.at(1) == "sweep";
  const std::string id = is_sweep ? SweepId(words.plain.at(2)) : TrialId(words.plain.at(2));
  const auto outcome = core_->OnRetry({{words.Get("id"), words.plain.at(2)}, is_sweep, id}, now_, fx);
  return outcome.ok() ? absl::StrCat("requeued ", outcome->requeued, " of ", outcome->trials, "\n")
                      : Refusal(outcome.status());
}

std::string ScriptRunner::Drain(const Words& words, Effects* fx) {
  const auto view =
      core_->OnDrain({{words.Get("id"), words.plain[0]}, words.plain.at(1), words.plain[0] == "undrain"}, now_, fx);
  return view.ok() ? absl::StrCat(view->state, "\n") : Refusal(view.status());
}

std::string ScriptRunner::Goodbye(const Words& words, Effects* fx) {
  const absl::Status said = core_->OnGoodbye({words.plain.at(1), SessionOf(words.plain.at(1))}, now_, fx);
  return said.ok() ? "gone\n" : Refusal(said);
}

std::string ScriptRunner::Sleep(const Words& words, Effects*) {
  now_.steady_ms += Milliseconds(words.plain.at(1));
  return "";
}

std::string ScriptRunner::Advance(const Words& words, Effects* fx) {
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

std::string ScriptRunner::Restart(const Words&, Effects*) {
  core_ = std::make_unique<Core>(store_.Load(), now_);
  parked_.clear();
  return "";
}

std::string ScriptRunner::Restore(const Words& words, Effects* fx) {
  store_.JumpTokens();
  return Restart(words, fx);
}

std::string ScriptRunner::Explain(const Words& words, Effects*) {
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

std::string ScriptRunner::Show(const Words& words, Effects*) {
  const Trial& trial = core_->state().trials.at(TrialId(words.plain.at(1)));
  std::string text = absl::StrCat(std::string(Word(trial.record.state)), " attempts ", trial.attempts,
                                  trial.record.admitted ? " admitted" : "", trial.record.valid ? " valid" : "");
  if (trial.record.cause != Cause::kNone) absl::StrAppend(&text, " cause ", std::string(Word(trial.record.cause)));
  if (trial.checkpoint) absl::StrAppend(&text, " checkpoint ", trial.checkpoint->ref.step);
  if (trial.record.state == TrialState::kPruned) absl::StrAppend(&text, " at ", trial.record.message);
  return text + "\n";
}

std::string ScriptRunner::Certificate(const Words& words, Effects*) {
  const Trial& trial = core_->state().trials.at(TrialId(words.plain.at(1)));
  const ResumeCertificate& certificate = core_->state().attempts.at(trial.token).certificate;
  if (!certificate.objection.empty()) return absl::StrCat("broken: ", certificate.objection, "\n");
  if (certificate.chain.empty()) return "unattested\n";
  return absl::StrCat("holds, from attempt ", certificate.from, "\n");
}

std::string ScriptRunner::Plan(const Words& words, Effects*) {
  const auto submission = PrepareSubmission(SweepText(words));
  if (!submission.ok()) return Refusal(submission.status());
  const PlanOutcome plan = core_->Plan(*submission);
  return absl::StrCat("trials ", plan.trials, " existing ", plan.existing, " expected ", plan.expected_s, " s\n");
}

std::string ScriptRunner::Conflict(const Words& words, Effects*) {
  core_->OnConflict(TrialId(words.plain.at(1)), static_cast<uint64_t>(Number(words.plain.at(2))));
  return "";
}

std::string ScriptRunner::ListWorkers(const Words& words, Effects*) {
  std::string trace;
  for (const WorkerView& worker : core_->Workers(words.plain.size() > 1, now_)) {
    absl::StrAppend(&trace, worker.id, " ", worker.state, " silent ", worker.silent_s, " s:");
    for (const WorkerSlotView& slot : worker.slots)
      absl::StrAppend(&trace, " ", slot.index, "=", slot.trial.empty() ? "idle" : NameOf(slot.trial));
    trace += '\n';
  }
  return trace;
}

std::string ScriptRunner::Figures(const Words&, Effects*) {
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
