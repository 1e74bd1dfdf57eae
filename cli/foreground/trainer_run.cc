#include "cli/foreground/trainer_run.h"

#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "cli/foreground/event_reader.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"
#include "cli/remote/state_dir.h"
#include "cli/up/daemon.h"
#include "cli/up/process.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr double kLookEvery = 0.05;  // seconds

json::object SpecOf(const TrainerTask& task, const fs::path& directory) {
  return {{"v", 1},
          {"trial", task.trial},
          {"attempt", 1},
          {"token", 1},
          {"slot", 0},
          {"dir", directory.string()},
          {"trainer", task.trainer},
          {"params", task.params},
          {"data", task.data},
          {"device", "cpu"},
          {"threads", task.threads},
          {"checkpoint_every_s", 60.0},
          {"timeout_ms", 0},
          {"resume", nullptr}};
}

void Remember(const json::object& event, TrainerOutcome* outcome) {
  const json::value* type = event.if_contains("type");
  if (type == nullptr || !type->is_string()) return;
  if (type->get_string() == "start") outcome->start = event;
  if (type->get_string() == "result") outcome->result = event;
  if (type->get_string() == "checkpoint") outcome->checkpoints.push_back(event);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> TrainerCommand(const std::string& trainer,
                                                        const std::vector<std::string>& known) {
  for (const std::string& entry : known) {
    const size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size()) {
      return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("--trainer ", entry, " is not NAME=PATH"),
                     "as `plasactl up` takes it, e.g. --trainer mine=/opt/mine/train");
    }
    if (entry.substr(0, equals) == trainer)
      return std::vector<std::string>{fs::absolute(entry.substr(equals + 1)).string()};
  }
  if (trainer == "plasa") return std::vector<std::string>{(ProgramDirectory() / "plasa-trainer").string(), "run"};
  return Failure(absl::StatusCode::kNotFound, absl::StrCat("this machine knows no trainer \"", trainer, "\""),
                 absl::StrCat("say where it is: --trainer ", trainer, "=PATH"));
}

absl::StatusOr<TrainerOutcome> RunTrainer(const TrainerTask& task, const fs::path& directory,
                                          const Interrupt& interrupt,
                                          absl::FunctionRef<bool(const json::object& event)> on_event) {
  const fs::path spec = directory / "spec.json";
  if (absl::Status status = WriteFile(spec, JsonText(SpecOf(task, directory)) + "\n"); !status.ok()) return status;
  if (absl::Status status = WriteFile(directory / "events.jsonl", ""); !status.ok()) return status;
  std::vector<std::string> command = task.command;
  command.push_back(spec.string());
  Daemon trainer({"trainer", command, directory / "output.log", directory / "trainer.pid", directory});
  if (absl::Status status = trainer.Start(); !status.ok()) return status;

  TrainerOutcome outcome;
  EventReader events(directory / "events.jsonl");
  int told = 0;
  const auto look = [&] {
    events.Read([&](const json::object& event) {
      Remember(event, &outcome);
      if (!outcome.stopped && !on_event(event)) outcome.stopped = true;
    });
  };
  while (trainer.Running()) {
    look();
    outcome.stopped = outcome.stopped || interrupt.Requested() > 0;
    const int wanted = std::max(interrupt.Requested(), outcome.stopped ? 1 : 0);
    if (wanted > told) trainer.Signal(told++ == 0 ? SIGTERM : SIGKILL);
    interrupt.Pause(kLookEvery);
  }
  look();
  outcome.ending = trainer.ending();
  outcome.log_tail = trainer.LogTail();
  return outcome;
}

absl::StatusOr<ScratchDirectory> ScratchDirectory::Make() {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "plasa-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) {
    return Failure(absl::StatusCode::kResourceExhausted,
                   absl::StrCat("cannot make a temporary directory ", name, ": ", std::strerror(errno)),
                   "make room there, or set TMPDIR to another place");
  }
  return ScratchDirectory(name);
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace plasa::cli
