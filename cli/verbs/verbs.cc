#include "cli/verbs/verbs.h"

namespace plasa::cli {

const std::vector<Verb>& AllVerbs() {
  static const auto& verbs = *new std::vector<Verb>{
      UpVerb(),        SubmitVerb(),     PlanVerb(),        ListVerb(),        ShowVerb(),   WatchVerb(),
      WaitVerb(),      CancelVerb(),     RetryVerb(),       AddSeedsVerb(),    LogsVerb(),   MetricsVerb(),
      ExplainVerb(),   ReportVerb(),     ExportVerb(),      VerifyVerb(),      TryVerb(),    ScheduleVerb(),
      DashboardVerb(), WorkerListVerb(), WorkerDrainVerb(), WorkerTokenVerb(), BackupVerb(), RestoreVerb(),
      DoctorVerb(),    DrillVerb(),      CompletionVerb(),  VersionVerb()};
  return verbs;
}

}  // namespace plasa::cli
