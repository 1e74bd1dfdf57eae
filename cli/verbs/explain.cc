#include "absl/strings/str_cat.h"
#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/remote/model_json.h"
#include "cli/remote/words.h"
#include "cli/verbs/trial_view.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string target;
};

std::string AttemptLine(const pb::Attempt& attempt) {
  std::string out =
      absl::StrCat("  attempt ", attempt.number(), ": ", StateWord(attempt.state()), " on ", attempt.worker(), " slot ",
                   attempt.slot(), ", steps ", attempt.start_step(), " to ", attempt.last_step());
  const std::string cause = CauseWord(attempt.cause());
  if (!cause.empty()) absl::StrAppend(&out, ", ", cause);
  if (!attempt.message().empty()) absl::StrAppend(&out, ": ", attempt.message());
  return out + "\n";
}

// One line on whether the state it ended with hangs together with step 0; nothing for trials that were not interrupted.
std::string CertificateLine(const pb::Trial& trial) {
  if (trial.attempts_size() < 2) return "";
  const pb::ResumeCertificate& certificate = trial.attempts().rbegin()->certificate();
  if (certificate.state() == "holds")
    return absl::StrCat("  resume certificate holds from step 0 on: ", certificate.chain(), "\n");
  if (certificate.state() == "broken")
    return absl::StrCat("  resume certificate broken: ", certificate.objection(), "\n");
  if (certificate.state() == "unattested")
    return "  no resume certificate: its trainer does not say in its start event what it loaded\n";
  return "";
}

std::string AuditLines(const pb::Trial& trial) {
  std::string out;
  for (const pb::AuditResult& audit : trial.audits()) {
    if (!audit.passed())
      absl::StrAppend(&out, "  audit ", audit.number(), " (", audit.name(), ") failed: ", audit.message(), "\n");
  }
  return out;
}

std::string Story(const pb::GetTrialReply& reply) {
  const pb::Trial& trial = reply.trial();
  std::string out =
      absl::StrCat(trial.id(), "  ", CellText(trial.cell()), "  seed ", trial.seed(), "\n", StateWord(trial.state()));
  const std::string cause = CauseWord(trial.cause());
  if (!cause.empty()) absl::StrAppend(&out, " (", cause, ")");
  absl::StrAppend(&out, trial.explain().empty() ? "" : ": ", trial.explain(), "\n");
  for (const pb::Attempt& attempt : trial.attempts()) out += AttemptLine(attempt);
  out += CertificateLine(trial);
  out += AuditLines(trial);
  for (const std::string& reason : trial.invalid_reasons()) absl::StrAppend(&out, "  not valid: ", reason, "\n");
  for (const std::string& note : reply.notes()) absl::StrAppend(&out, "  note: ", note, "\n");
  return Harmless(out, true);
}

// The end of the log of a trial that did not succeed.
std::string LogTail(ControlClient& client, const pb::Trial& trial) {
  if (trial.cause() == pb::CAUSE_NONE) return "";
  pb::GetLogRequest request;
  request.set_trial(trial.id());
  request.set_max_bytes(4096);
  const auto log = client.GetLog(request);
  if (!log.ok() || log->text().empty()) return "";
  return absl::StrCat("Its last log lines:\n", Harmless(log->text(), true), "\n");
}

absl::StatusOr<ExitCode> ExplainTrial(Context& context, ControlClient& client, const pb::GetTrialReply& reply) {
  View view;
  boost::json::array notes;
  for (const std::string& note : reply.notes()) notes.push_back(boost::json::string(note));
  view.json = {{"v", 1}, {"trial", TrialJson(reply.trial())}, {"notes", std::move(notes)}};
  if (context.out().for_people()) {
    view.before = Story(reply) + LogTail(client, reply.trial());
  } else {
    view.table = TrialTable({reply.trial()}, "val/loss");
  }
  context.out().Print(view);
  return ExitCode::kOk;
}

// A sweep: one line for each trial that has not succeeded.
absl::StatusOr<ExitCode> ExplainSweep(Context& context, const pb::GetSweepReply& reply) {
  View view;
  boost::json::array trials;
  size_t open = 0;
  for (const pb::Trial& trial : reply.trials()) {
    if (trial.state() == pb::TRIAL_SUCCEEDED && trial.valid()) continue;
    ++open;
    trials.push_back({{"id", trial.id()}, {"state", StateWord(trial.state())}, {"explain", trial.explain()}});
    view.table.rows.push_back({trial.id(), CellText(trial.cell()), std::to_string(trial.seed()),
                               StateWord(trial.state()), Harmless(trial.explain())});
  }
  view.table.columns = {{"TRIAL"}, {"CELL"}, {"SEED", true}, {"STATE"}, {"WHY"}};
  view.json = {{"v", 1}, {"sweep", reply.sweep().id()}, {"trials", std::move(trials)}};
  view.items = "trials";
  if (context.out().for_people()) {
    view.before =
        absl::StrCat(Harmless(reply.sweep().name()), " (", reply.sweep().id(), "): ", reply.trials_size() - open,
                     " of ", reply.trials_size(), " trials have succeeded.\n");
    if (open == 0) view.table = {};
  }
  context.out().Print(view);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::GetTrialRequest request;
  request.set_trial(options.target);
  const auto trial = (*client)->GetTrial(request);
  const bool names_sweep = options.target == "last" || absl::IsNotFound(trial.status());
  if (!names_sweep) return trial.ok() ? ExplainTrial(context, **client, *trial) : trial.status();
  pb::GetSweepRequest sweep_request;
  sweep_request.set_sweep(options.target);
  const auto sweep = (*client)->GetSweep(sweep_request);
  return sweep.ok()                         ? ExplainSweep(context, *sweep)
         : absl::IsNotFound(sweep.status()) ? trial.status()
                                            : sweep.status();
}

}  // namespace

Verb ExplainVerb() {
  return {"explain", "Say why a trial, or the trials of a sweep, are where they are",
          "  plasactl explain 3f9c0a1b\n  plasactl explain last\n", [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("TARGET", &options->target, "a trial or a sweep: id, unique prefix, a sweep's name, or last");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
