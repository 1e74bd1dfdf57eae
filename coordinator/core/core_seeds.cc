// Seeds that are added to a sweep, by a user or by its own rule.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/core/core.h"
#include "coordinator/core/replies.h"

namespace plasa::coordinator {
namespace {

// Whether a sweep may take seeds, and the command knows all it has taken.
absl::Status MayGrow(const Sweep& sweep, const AddSeedsCommand& command, size_t trials) {
  const Replication& so_far = sweep.record.replication;
  const std::string& id = sweep.record.id;
  if (sweep.record.canceled) {
    return absl::FailedPreconditionError(
        absl::StrCat("sweep ", id, " is canceled (submit it again, then add seeds to it)"));
  }
  if (!command.by_rule && (so_far.open || !so_far.stopped.empty())) {
    return absl::FailedPreconditionError(
        absl::StrCat("sweep ", id,
                     " adds seeds by its own rule (replicate: until_decided); more of them would void its verdicts "
                     "(submit it with a name of its own and plasa.seeds to choose them yourself)"));
  }
  if (command.by_rule && !so_far.open)
    return absl::FailedPreconditionError(absl::StrCat("sweep ", id, " adds no more seeds"));
  if (sweep.rungs) {
    return absl::FailedPreconditionError(
        absl::StrCat("sweep ", id, " stops cells early, by the seeds it has (submit one without early_terminate, or "
                     "with the seeds you want)"));
  }
  if (command.known != so_far.added.size())
    return absl::AbortedError(absl::StrCat("seeds were added to sweep ", id, " meanwhile; look at it and try again"));
  if (sweep.trials.size() + trials > kMaxTrials) {
    return absl::InvalidArgumentError(
        absl::StrCat("sweep ", id, " would have more than ", kMaxTrials, " trials (add fewer seeds)"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SubmitOutcome> Core::OnAddSeeds(const AddSeedsCommand& command, const MoreSeeds& more, Now now,
                                               Effects* fx) {
  const absl::StatusOr<std::string> replayed = Replay(command.tag);
  if (!replayed.ok()) return replayed.status();
  if (!replayed->empty()) return ReadSubmitOutcome(*replayed);
  Sweep* sweep = state_.FindSweep(command.sweep);
  if (sweep == nullptr) return absl::NotFoundError(absl::StrCat("there is no sweep ", command.sweep));
  if (absl::Status allowed = MayGrow(*sweep, command, more.trials.size()); !allowed.ok()) return allowed;
  SubmitOutcome outcome{command.sweep, 0, 0, 0};
  Replication& replication = sweep->record.replication;
  if (command.seeds.empty()) {
    replication.open = false;
    replication.stopped = command.why;
  } else {
    AddMissing(sweep, more, now, &outcome, fx);
    const auto of_one_seed = [&command](const TrialSpec& trial) { return trial.seed == command.seeds.front(); };
    const auto cells = std::count_if(more.trials.begin(), more.trials.end(), of_one_seed);
    replication.added.push_back({now.unix_s, command.seeds, cells, command.why});
  }
  fx->writes.emplace_back(PutSweep{sweep->record});
  fx->touched_sweeps.insert(command.sweep);
  fx->said.push_back({command.seeds.empty() ? "sweep adds no more seeds" : "seeds added",
                      {{"sweep", command.sweep},
                       {"seeds", absl::StrJoin(command.seeds, ",")},
                       {"trials", absl::StrCat(outcome.trials)},
                       {"why", command.why}}});
  Remember(command.tag, TextOf(outcome), now, fx);
  GrantAll(now, fx);
  return outcome;
}

// Makes trials members of a sweep, behind those it has.
void Core::AddMissing(Sweep* sweep, const MoreSeeds& more, Now now, SubmitOutcome* outcome, Effects* fx) {
  PutMembers members{sweep->record.id, static_cast<int64_t>(sweep->trials.size()), {}};
  for (const TrialSpec& spec : more.trials) {
    const Trial* known = state_.FindTrial(spec.id);
    if (known != nullptr && known->sweeps.contains(sweep->record.id)) continue;
    AddMember(sweep, spec, more.spec, now, outcome, fx);
    sweep->trials.push_back(spec.id);
    members.members.push_back({spec.id, Value(spec.cell).CanonicalJson()});
  }
  outcome->trials = static_cast<uint32_t>(members.members.size());
  fx->writes.emplace_back(std::move(members));
}

}  // namespace plasa::coordinator
