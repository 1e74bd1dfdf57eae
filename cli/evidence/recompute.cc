#include "cli/evidence/recompute.h"

#include <algorithm>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/foreground/packaged_data.h"
#include "cli/foreground/trainer_run.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

std::string TextOf(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr || !value->is_string() ? "" : std::string(value->get_string());
}

// "... threads=4 ..." of a hardware class; 1 where it says nothing.
int ThreadsOf(const std::string& hardware_class) {
  const size_t at = hardware_class.find("threads=");
  int threads = 1;
  if (at == std::string::npos) return threads;
  const std::string rest = hardware_class.substr(at + 8);
  return absl::SimpleAtoi(rest.substr(0, rest.find(' ')), &threads) ? threads : 1;
}

// The attempt that gave the result.
const pb::Attempt& LastAttempt(const pb::Trial& trial) {
  return trial.attempts().empty() ? pb::Attempt::default_instance() : *trial.attempts().rbegin();
}

absl::StatusOr<TrainerTask> TaskOf(const pb::Trial& trial, const RecomputeOptions& options,
                                   const std::filesystem::path& scratch) {
  auto command = TrainerCommand(trial.trainer(), options.trainers);
  if (!command.ok()) return command.status();
  auto data = UnpackData(ParseObjectOrEmpty(trial.data_json()), options.artifacts, scratch / "data");
  if (!data.ok()) return data.status();
  return TrainerTask{*std::move(command), trial.trainer(),
                     trial.id(),          ParseObjectOrEmpty(trial.params_json()),
                     *std::move(data),    ThreadsOf(LastAttempt(trial).hardware_class())};
}

// The files of the run's checkpoint at that step.
std::vector<pb::CheckpointFile> FilesAt(const TrainerOutcome& outcome, int64_t step) {
  std::vector<pb::CheckpointFile> files;
  for (const json::object& event : outcome.checkpoints) {
    const json::value* at = event.if_contains("step");
    const json::value* list = event.if_contains("files");
    if (at == nullptr || !at->is_int64() || at->get_int64() != step || list == nullptr || !list->is_array()) continue;
    files.clear();
    for (const json::value& file : list->get_array()) {
      if (!file.is_object()) continue;
      pb::CheckpointFile& entry = files.emplace_back();
      entry.set_name(TextOf(file.get_object(), "name"));
      entry.set_sha256(TextOf(file.get_object(), "sha256"));
    }
  }
  return files;
}

// As the trainer of the attempt said, else as its slot is.
std::string ClassOf(const pb::Attempt& attempt) {
  const std::string& said = attempt.certificate().hardware_class();
  return said.empty() ? attempt.hardware_class() : said;
}

// Empty, or how this machine is another than the one of the stored result.
std::string OtherHardware(const json::object& start, const pb::Attempt& stored) {
  const std::string here = TextOf(start, "hardware_class");
  if (here.empty() || here == ClassOf(stored)) return "";
  return absl::StrCat("it ran on \"", ClassOf(stored), "\", this machine is \"", here,
                      "\": bits may differ there; --tolerance compares its final metrics instead");
}

}  // namespace

std::vector<int> ChooseTrials(const pb::GetResultsReply& results, const RecomputeOptions& options) {
  std::vector<int> places;
  for (int i = 0; i < results.results_size(); ++i) {
    const pb::Trial& trial = results.results(i).trial();
    if (trial.state() == pb::TRIAL_SUCCEEDED && trial.admitted()) places.push_back(i);
  }
  std::mt19937_64 random(options.seed);
  for (size_t i = 0; i + 1 < places.size(); ++i) std::swap(places[i], places[i + random() % (places.size() - i)]);
  if (places.size() > options.trials) places.resize(options.trials);
  std::sort(places.begin(), places.end());
  return places;
}

absl::StatusOr<Check> Recompute(const pb::TrialResult& stored, const RecomputeOptions& options,
                                const Interrupt& interrupt) {
  const std::string name = absl::StrCat("trial ", stored.trial().id(), " anew");
  auto scratch = ScratchDirectory::Make();
  if (!scratch.ok()) return scratch.status();
  const auto task = TaskOf(stored.trial(), options, scratch->path());
  if (!task.ok()) {
    if (task.status().code() == absl::StatusCode::kInvalidArgument) return task.status();
    return Refused(name, std::string(task.status().message()) + "; " + HintOf(task.status()));
  }
  std::string other;
  const auto outcome = RunTrainer(*task, scratch->path(), interrupt, [&](const json::object& event) {
    if (TextOf(event, "type") == "start") other = OtherHardware(event, LastAttempt(stored.trial()));
    return other.empty() || options.tolerance >= 0;
  });
  if (!outcome.ok()) return outcome.status();
  if (!other.empty() && options.tolerance < 0) return Refused(name, other);
  if (outcome->stopped) return absl::CancelledError("stopped by a signal; what was checked before is not shown");
  if (outcome->result.empty()) {
    Check check{name, 0, CheckResult::kEqual, {}};
    check.Differs(absl::StrCat("it gave no result (", outcome->ending, "): ", outcome->log_tail));
    return check;
  }
  const RunAnew anew{JsonText(outcome->result), FilesAt(*outcome, stored.checkpoint().step())};
  if (!other.empty()) return CompareWithin(stored, anew, options.tolerance);
  return CompareRuns(stored, anew);
}

}  // namespace plasa::cli
