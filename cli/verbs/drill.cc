#include "cli/drill/drill.h"

#include <signal.h>
#include <unistd.h>

#include <random>

#include "cli/context.h"
#include "cli/output/exit_code.h"
#include "cli/output/interrupt.h"
#include "cli/up/process.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  int64_t minutes = 1;
  int64_t rounds = 0;
  int64_t seed = -1;  // drawn
  std::string trainer;
};

absl::Status Check(const Options& options) {
  if (options.minutes < 0 || options.rounds < 0) {
    return Failure(absl::StatusCode::kInvalidArgument, "--minutes and --rounds are not negative",
                   "`plasactl drill --minutes 10` goes on for ten minutes");
  }
  if (options.trainer.empty() || access(options.trainer.c_str(), X_OK) == 0) return absl::OkStatus();
  return Failure(absl::StatusCode::kInvalidArgument, "--trainer-binary: " + options.trainer + " cannot be executed",
                 "name a plasa-trainer, or leave it out for the installed one");
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  if (absl::Status checked = Check(options); !checked.ok()) return checked;
  const Interrupt interrupt({SIGHUP});  // a closed terminal leaves nothing behind either
  DrillOptions drill;
  drill.seed = options.seed >= 0 ? static_cast<uint64_t>(options.seed) : std::random_device()();
  drill.seconds = 60.0 * static_cast<double>(options.minutes);
  drill.rounds = static_cast<uint32_t>(options.rounds);
  drill.programs = {ProgramDirectory(), options.trainer};
  const auto summary = RunDrill(drill, interrupt, [&context](const std::string& text) { context.out().Note(text); });
  if (!summary.ok()) return summary.status();
  context.out().Print(SummaryView(*summary));
  return summary->ok() ? ExitCode::kOk : ExitCode::kFailure;
}

}  // namespace

Verb DrillVerb() {
  return {"drill", "Kill everything again and again, in private, and see that no result changes (exit 1: one did)",
          "  plasactl drill\n  plasactl drill --minutes 10\n  plasactl drill --seed 7 --rounds 2 -o json\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Option("--minutes", "N", &options->minutes, "begin rounds for so long (1)");
            a.Option("--rounds", "N", &options->rounds, "exactly so many rounds, whatever the time");
            a.Option("--seed", "S", &options->seed, "the faults of an earlier drill (default: new ones)");
            a.Option("--trainer-binary", "PATH", &options->trainer, "another plasa-trainer than the installed one");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
