#include "cli/drill/drill.h"

#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/drill/round.h"
#include "cli/drill/sweep.h"
#include "cli/output/exit_code.h"
#include "cli/remote/state_dir.h"
#include "cli/up/process.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kQuietPatienceSeconds = 600;
constexpr double kLeastPatienceSeconds = 120;

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The temporary directory. Ends all children before it goes.
class Workshop {
 public:
  ~Workshop() {
    EndChildren();
    std::error_code error;
    if (!kept_) fs::remove_all(path_, error);
  }
  Workshop() = default;
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  absl::Status Make() {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "plasa-drill-XXXXXX").string();
    if (error || mkdtemp(pattern.data()) == nullptr) {
      return Failure(absl::StatusCode::kPermissionDenied, "cannot make the temporary directory " + pattern,
                     "name one that can be written to with TMPDIR");
    }
    path_ = pattern;
    return absl::OkStatus();
  }
  void Keep() { kept_ = true; }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  bool kept_ = false;
};

class Drill {
 public:
  Drill(const DrillOptions& options, const Interrupt& interrupt, const Say& say)
      : options_(options), interrupt_(interrupt), say_(say) {
    summary_.seed = options.seed;
  }

  absl::StatusOr<Summary> Run() {
    if (absl::Status made = workshop_.Make(); !made.ok()) return made;
    if (absl::Status quiet = RunQuietly(); !quiet.ok()) return quiet;
    const double start = Now();
    do {
      if (absl::Status cut_off = RunRound(); !cut_off.ok()) return cut_off;
    } while (summary_.ok() && !Enough(Now() - start));
    summary_.seconds = Now() - start;
    return summary_;
  }

 private:
  bool Enough(double seconds) const {
    return options_.rounds > 0 ? summary_.rounds >= options_.rounds : seconds >= options_.seconds;
  }

  // Runs the sweep once in `root`; nothing of it runs afterwards.
  absl::StatusOr<Outcome> RunSweep(const fs::path& root, std::vector<Fault> faults, double patience_s, const Say& say) {
    absl::StatusOr<Outcome> outcome = absl::UnknownError("");
    {
      Cluster cluster(root, options_.programs, [this] { return interrupt_.Requested() > 0; });
      Round round(&cluster, std::move(faults), &interrupt_, say);
      outcome = round.Run(kDrillSweep, patience_s);
      for (const auto& [kind, count] : round.struck()) summary_.faults[kind] += count;
    }
    EndChildren();
    if (interrupt_.Requested() > 0) return absl::CancelledError("stopped; nothing is left behind");
    if (outcome.ok()) WriteFile(root / "results.csv", outcome->table).IgnoreError();
    return outcome;
  }

  absl::Status RunQuietly() {
    const double start = Now();
    const fs::path root = workshop_.path() / "quiet";
    auto outcome = RunSweep(root, {}, kQuietPatienceSeconds, say_);
    if (absl::IsCancelled(outcome.status())) return outcome.status();
    std::string why = outcome.ok() ? NotSucceeded(*outcome) : std::string(outcome.status().message());
    if (!why.empty()) {
      workshop_.Keep();
      return Failure(absl::StatusCode::kInternal, "the sweep fails already when nothing disturbs it: " + why,
                     "`plasactl doctor` checks the installation; what it did is kept in " + root.string());
    }
    quiet_ = *std::move(outcome);
    quiet_s_ = Now() - start;
    say_(absl::StrFormat("undisturbed: %d trials in %.1f s", quiet_.trials.size(), quiet_s_));
    return absl::OkStatus();
  }

  // The first trial that has no admitted result; "" where all have.
  static std::string NotSucceeded(const Outcome& outcome) {
    for (const Outcome::Trial& trial : outcome.trials) {
      if (trial.state != "succeeded" || !trial.admitted) return absl::StrCat("trial ", trial.id, " is ", trial.state);
    }
    return outcome.trials.empty() ? "there are no trials" : "";
  }

  // OK also where results differ; CANCELLED after Ctrl-C.
  absl::Status RunRound() {
    const uint32_t number = summary_.rounds + 1;
    const double start = Now();
    const fs::path root = workshop_.path() / absl::StrCat("round-", number);
    const Say say = [&](const std::string& text) { say_(absl::StrCat("round ", number, ": ", text)); };
    const auto outcome =
        RunSweep(root, PlanRound(options_.seed, number, quiet_s_), std::max(kLeastPatienceSeconds, 10 * quiet_s_), say);
    if (absl::IsCancelled(outcome.status())) return outcome.status();
    outcome.ok() ? summary_.Add(*outcome, Judge(quiet_, *outcome))
                 : summary_.AddBroken(std::string(outcome.status().message()));
    if (!summary_.ok()) {
      workshop_.Keep();
      summary_.evidence = workshop_.path().string();
      say("the results differ");
      return absl::OkStatus();
    }
    say(absl::StrFormat("the results are equal, after %.1f s", Now() - start));
    std::error_code error;
    fs::remove_all(root, error);
    return absl::OkStatus();
  }

  const DrillOptions& options_;
  const Interrupt& interrupt_;
  const Say& say_;
  Workshop workshop_;
  Outcome quiet_;
  double quiet_s_ = 0;
  Summary summary_;
};

}  // namespace

absl::StatusOr<Summary> RunDrill(const DrillOptions& options, const Interrupt& interrupt, const Say& say) {
  AdoptOrphans();
  return Drill(options, interrupt, say).Run();
}

}  // namespace plasa::cli
