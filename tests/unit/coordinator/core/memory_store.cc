#include "memory_store.h"

#include <algorithm>
#include <sstream>

namespace plasa::coordinator {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

void DumpCertificate(const ResumeCertificate& c, std::ostream& out) {
  out << " certificate=" << c.loaded << '/' << c.from << '/' << c.hardware_class << '/' << c.chain << '/'
      << c.objection;
}

void DumpTrial(const Trial& trial, std::ostream& out) {
  const TrialRecord& t = trial.record;
  out << "trial " << t.id << ' ' << t.position << ' ' << t.seed << ' ' << t.params_json << ' ' << t.trainer << ' '
      << t.data_json << ' ' << t.limits.timeout_ms << ' ' << t.limits.lost_after_ms << ' ' << t.limits.max_attempts
      << " canary=" << t.limits.canary << ' ' << t.limits.device << ' ' << Word(t.state) << " cause=" << Word(t.cause)
      << " message=" << t.message << " admitted=" << t.admitted << " valid=" << t.valid
      << " cancel=" << t.cancel_requested << " queued=" << t.queued_unix_s << " attempts=" << trial.attempts
      << " seconds=" << trial.seconds << " finished=" << trial.finished << " token=" << trial.token;
  for (const std::string& worker : t.excluded) out << " excluded=" << worker;
  for (const auto& [pattern, action] : t.limits.log_rules) out << " rule=" << pattern << ':' << action;
  for (const std::string& reason : t.invalid_reasons) out << " reason=" << reason;
  for (const auto& [cause, count] : t.failures) out << " failed=" << Word(cause) << ':' << count;
  for (const std::string& sweep : trial.sweeps) out << " sweep=" << sweep;
  if (trial.checkpoint) {
    const CheckpointRef& ref = trial.checkpoint->ref;
    out << " checkpoint=" << ref.digest << '@' << ref.step << '/' << ref.events_seq << ' ' << trial.checkpoint->token
        << ' ' << trial.checkpoint->hardware_class << ' ' << trial.checkpoint->number << ' ' << trial.checkpoint->build
        << ' ' << trial.checkpoint->data_digest;
    DumpCertificate(trial.checkpoint->certificate, out);
    for (const CheckpointFileRef& file : ref.files) out << ' ' << file.name << ':' << file.size << ':' << file.sha256;
  }
  out << '\n';
}

void DumpRungs(const Rungs& rungs, std::ostream& out) {
  std::map<std::string, Rungs::Progress> progress(rungs.progress.begin(), rungs.progress.end());
  for (const auto& [trial, at] : progress) {
    out << " at " << trial << ' ' << at.reports << '/' << at.last_step << '/' << at.best;
    for (const double value : at.values) out << ',' << value;
  }
  for (const RungRecord& rung : rungs.decided)
    out << " rung " << rung.rung << ' ' << rung.cells << ' ' << rung.kept << ' ' << rung.worst_kept << ' '
        << rung.decided_unix_s;
  for (const Rungs::Cell& cell : rungs.cells) {
    if (cell.pruned_at) out << " pruned " << cell.trials.front() << ' ' << *cell.pruned_at << ' ' << cell.value;
  }
}

void DumpAttempt(const AttemptRecord& a, std::ostream& out) {
  out << "attempt " << a.token << ' ' << a.trial << ' ' << a.number << ' ' << Word(a.state) << ' ' << a.worker << ' '
      << a.slot << " started=" << a.started << ' ' << a.start_step << ' ' << a.last_step << ' ' << a.steps_total
      << " acked=" << a.acked_seq << ' ' << a.created_unix_s << ' ' << a.hardware_class << ' ' << a.build << ' '
      << a.data_digest << " audits=" << a.audits_passed.size() << '/' << a.audits_failed.size();
  DumpCertificate(a.certificate, out);
  if (a.result) out << " result=" << a.result->valid << ':' << a.result->invalid_reasons.size();
  out << '\n';
}

void DumpWorker(const Worker& worker, std::ostream& out) {
  const WorkerRecord& w = worker.record;
  out << "worker " << w.id << ' ' << w.name << ' ' << w.boot_id << ' ' << w.version << ' ' << w.session
      << " draining=" << w.draining << " gone=" << w.gone;
  for (const WorkerSlot& slot : w.slots)
    out << ' ' << slot.index << ':' << slot.device.kind << ':' << slot.device.model << ':' << slot.device.memory_bytes
        << ':' << slot.device.hardware_class;
  for (const std::string& trainer : w.trainers) out << ' ' << trainer;
  for (const uint64_t token : worker.tokens) out << " holds=" << token;
  out << '\n';
}

}  // namespace

void MemoryStore::Apply(const std::vector<Write>& writes) {
  const Overloaded apply{
      [&](const PutSweep& put) { sweeps_[put.sweep.id] = put.sweep; },
      [&](const PutMembers& put) {
        std::vector<SweepMember>& members = members_[put.sweep];
        members.resize(static_cast<size_t>(put.first));
        members.insert(members.end(), put.members.begin(), put.members.end());
      },
      [&](const PutTrial& put) { trials_[put.trial.id] = put.trial; },
      [&](const PutAttempt& put) { attempts_[put.attempt.token] = put.attempt; },
      [&](const PutWorker& put) { workers_[put.worker.id] = put.worker; },
      [&](const PutCheckpoint& put) { checkpoints_[put.trial] = put.checkpoint; },
      [&](const DropCheckpoint& drop) { checkpoints_.erase(drop.trial); },
      [&](const AppendEvents& append) {
        std::vector<TrainerEvent>& events = events_[append.token];
        events.insert(events.end(), append.events.begin(), append.events.end());
      },
      [&](const AppendLog&) {},
      [&](const PutData&) {},
      [&](const PutRung& put) { rungs_[put.rung.sweep].push_back(put.rung); },
      [&](const AskHistory&) {},
      [&](const PutReply& put) { replies_[put.reply.id] = put.reply; },
      [&](const DropReply& drop) { replies_.erase(drop.id); },
  };
  for (const Write& write : writes) std::visit(apply, write);
}

void MemoryStore::JumpTokens() { token_floor_ = Load().last_token + (uint64_t{1} << 32); }

State MemoryStore::Load() const {
  State state;
  state.token_floor = state.last_token = token_floor_;
  for (const auto& [id, sweep] : sweeps_) {
    state.sweeps[id].record = sweep;
    state.sweeps[id].rungs = RungsOfSweep(sweep);
    state.last_sweep_position = std::max(state.last_sweep_position, sweep.position);
  }
  for (const auto& [id, trial] : trials_) {
    state.trials[id].record = trial;
    state.last_trial_position = std::max(state.last_trial_position, trial.position);
  }
  for (const auto& [sweep, members] : members_) {
    for (const SweepMember& member : members) {
      state.sweeps.at(sweep).trials.push_back(member.trial);
      if (auto& rungs = state.sweeps.at(sweep).rungs) static_cast<void>(rungs->Add(member.trial, member.cell));
      state.trials.at(member.trial).sweeps.insert(sweep);
    }
  }
  for (const auto& [id, worker] : workers_) state.workers[id].record = worker;
  for (const auto& [token, attempt] : attempts_) {
    Trial& trial = state.trials.at(attempt.trial);
    trial.attempts = std::max(trial.attempts, attempt.number);
    state.last_token = std::max(state.last_token, token);
    if (attempt.state == AttemptState::kSucceeded) trial.seconds = attempt.ended_unix_s - attempt.created_unix_s;
    trial.finished = trial.finished || attempt.state == AttemptState::kSucceeded;
    if (!IsLive(attempt.state)) continue;
    trial.token = token;
    state.workers.at(attempt.worker).tokens.insert(token);
    state.attempts[token] = attempt;
  }
  for (const auto& [trial, checkpoint] : checkpoints_) state.trials.at(trial).checkpoint = checkpoint;
  for (const auto& [id, reply] : replies_) state.replies[id].record = reply;
  LoadRungs(&state);
  return state;
}

void MemoryStore::LoadRungs(State* state) const {
  for (auto& [id, sweep] : state->sweeps) {
    if (!sweep.rungs) continue;
    for (const auto& [trial, cell] : sweep.rungs->cell_of) {
      for (const MetricReport& report : ReportsOf(trial, sweep.rungs->metric)) sweep.rungs->Count(trial, report);
    }
  }
  for (const auto& [sweep, rungs] : rungs_) {
    for (const RungRecord& rung : rungs) state->sweeps.at(sweep).rungs->Decide(rung);
  }
}

std::vector<MetricReport> MemoryStore::ReportsOf(const std::string& trial, const std::string& metric) const {
  std::vector<MetricReport> reports;
  for (const auto& [token, attempt] : attempts_) {
    const auto events = events_.find(token);
    if (attempt.trial != trial || events == events_.end()) continue;
    for (const TrainerEvent& event : events->second) {
      for (const auto& [name, value] : event.metrics) {
        if (name == metric) reports.push_back({event.step, value});
      }
    }
  }
  return reports;
}

std::vector<TrialHistory> MemoryStore::HistoriesFor(const std::vector<Write>& writes) const {
  std::vector<TrialHistory> histories;
  for (const Write& write : writes) {
    const auto* ask = std::get_if<AskHistory>(&write);
    if (ask != nullptr) histories.push_back({ask->sweep, ask->trial, ReportsOf(ask->trial, ask->metric)});
  }
  return histories;
}

std::string Dump(const State& state) {
  std::ostringstream out;
  for (const auto& [id, sweep] : state.sweeps) {
    const SweepRecord& s = sweep.record;
    out << "sweep " << s.id << ' ' << s.position << ' ' << s.name << ' ' << s.spec_json << ' ' << s.metric_name << ' '
        << s.metric_goal << " canceled=" << s.canceled << ' ' << s.priority << ' ' << s.created_unix_s
        << " open=" << s.replication.open << ' ' << s.replication.stopped;
    for (const AddedSeeds& added : s.replication.added) {
      out << " added";
      for (const int64_t seed : added.seeds) out << ' ' << seed;
      out << " to " << added.cells << " at " << added.at_unix_s << ": " << added.why;
    }
    for (const std::string& trial : sweep.trials) out << ' ' << trial;
    if (sweep.rungs) DumpRungs(*sweep.rungs, out);
    out << '\n';
  }
  std::map<std::string, const Trial*> trials;
  for (const auto& [id, trial] : state.trials) trials[id] = &trial;
  for (const auto& [id, trial] : trials) DumpTrial(*trial, out);
  std::map<uint64_t, const AttemptRecord*> attempts;
  for (const auto& [token, attempt] : state.attempts) attempts[token] = &attempt;
  for (const auto& [token, attempt] : attempts) DumpAttempt(*attempt, out);
  for (const auto& [id, worker] : state.workers) DumpWorker(worker, out);
  for (const auto& [id, reply] : state.replies)
    out << "reply " << id << ' ' << reply.record.body_sha256 << ' ' << reply.record.reply << '\n';
  out << "last " << state.last_token << ' ' << state.last_sweep_position << ' ' << state.last_trial_position << '\n';
  return out.str();
}

}  // namespace plasa::coordinator
