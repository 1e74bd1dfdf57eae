// The verbs of plasactl: one function a verb, each in the file of its name.
#pragma once

#include <vector>

#include "cli/arguments.h"

namespace plasa::cli {

[[nodiscard]] Verb UpVerb();
[[nodiscard]] Verb SubmitVerb();
[[nodiscard]] Verb PlanVerb();
[[nodiscard]] Verb ListVerb();
[[nodiscard]] Verb ShowVerb();
[[nodiscard]] Verb WatchVerb();
[[nodiscard]] Verb WaitVerb();
[[nodiscard]] Verb CancelVerb();
[[nodiscard]] Verb RetryVerb();
[[nodiscard]] Verb AddSeedsVerb();
[[nodiscard]] Verb LogsVerb();
[[nodiscard]] Verb MetricsVerb();
[[nodiscard]] Verb ExplainVerb();
[[nodiscard]] Verb ReportVerb();
[[nodiscard]] Verb ExportVerb();
[[nodiscard]] Verb VerifyVerb();
[[nodiscard]] Verb TryVerb();
[[nodiscard]] Verb ScheduleVerb();
[[nodiscard]] Verb DashboardVerb();
[[nodiscard]] Verb WorkerListVerb();
[[nodiscard]] Verb WorkerDrainVerb();
[[nodiscard]] Verb WorkerTokenVerb();
[[nodiscard]] Verb BackupVerb();
[[nodiscard]] Verb RestoreVerb();
[[nodiscard]] Verb DoctorVerb();
[[nodiscard]] Verb DrillVerb();
[[nodiscard]] Verb CompletionVerb();
[[nodiscard]] Verb VersionVerb();

// All of them, in the order help shows them.
[[nodiscard]] const std::vector<Verb>& AllVerbs();

}  // namespace plasa::cli
