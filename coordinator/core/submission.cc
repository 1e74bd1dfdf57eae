#include "coordinator/core/submission.h"

#include <utility>

namespace plasa::coordinator {
namespace {

absl::Status Refused(const Error& error) { return absl::InvalidArgumentError(error.Text()); }

}  // namespace

absl::StatusOr<Submission> PrepareSubmission(const std::string& text) {
  Result<SweepSpec> spec = ParseSweep(text, "sweep");
  if (!spec.ok()) return Refused(spec.error());
  Result<Expansion> expansion = Expand(*spec);
  if (!expansion.ok()) return Refused(expansion.error());
  if (spec->limits.slots != 1)
    return absl::InvalidArgumentError(
        "plasa.resources.slots must be 1: a trial that takes several slots is not supported");
  Submission submission;
  submission.spec = *std::move(spec);
  submission.trials = std::move(expansion->trials);
  submission.sweep_id = SweepId(submission.spec);
  return submission;
}

absl::StatusOr<MoreSeeds> PrepareMoreSeeds(const std::string& spec_json, const std::vector<int64_t>& seeds,
                                           const std::set<std::string>& cells) {
  MoreSeeds more;
  if (seeds.empty()) return more;
  Result<SweepSpec> spec = ParseSweep(spec_json, "sweep");
  if (!spec.ok()) return Refused(spec.error());
  Result<std::vector<TrialSpec>> trials = ExpandSeeds(*spec, seeds, cells);
  if (!trials.ok()) return Refused(trials.error());
  more.spec = *std::move(spec);
  more.trials = *std::move(trials);
  return more;
}

}  // namespace plasa::coordinator
