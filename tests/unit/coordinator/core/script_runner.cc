#include "script_runner.h"

#include <set>
#include <sstream>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace plasa::coordinator {

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
  const ScriptWords words = WordsOf(line);
  const auto verb = kVerbs.find(words.plain.at(0));
  if (verb == kVerbs.end()) throw std::runtime_error("unknown event: " + line);
  Effects fx;
  std::string trace = (this->*verb->second)(words, &fx);
  trace += Tell(fx);
  Settle(&fx);
  return absl::StrReplaceAll(trace, trial_names_);  // ids change with every kResultsVersion
}

std::string ScriptRunner::Refusal(const absl::Status& status) {
  return absl::StrCat("refused ", absl::StatusCodeToString(status.code()), ": ", status.message(), "\n");
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

}  // namespace plasa::coordinator
