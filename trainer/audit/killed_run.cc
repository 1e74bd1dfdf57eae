#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include "common/base/philox.h"
#include "trainer/audit/resume_audit.h"
#include "trainer/audit/scratch_folder.h"
#include "trainer/audit/tiny.h"
#include "trainer/data/text.h"
#include "trainer/json_value.h"

extern char** environ;

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;
constexpr int64_t kSteps = 60;
constexpr int kTries = 10;  // a run that ends before its kill arrives is started again

std::string TextOf(const Value::Object& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->second.Is<std::string>() ? it->second.As<std::string>() : "";
}

// One attempt of the tiny copy by the real program, in a directory of its own.
class Attempt {
 public:
  Attempt(fs::path dir, const Config& c) : dir_(std::move(dir)) {
    fs::create_directories(dir_);
    Value::Object params = ConfigValue(c).As<Value::Object>();
    params["checkpoint_every"] = 3;
    spec_ = {{"v", 1},
             {"trial", "audit"},
             {"dir", dir_.string()},
             {"params", std::move(params)},
             {"data", Value::Object{{"task", "markov"}, {"vocab", kTinyVocabulary}, {"validation", 8}}}};
  }

  // Goes on from a published checkpoint of another attempt.
  void ResumeFrom(const Attempt& before, const Value::Object& checkpoint) {
    const std::string path = TextOf(checkpoint, "path");
    fs::create_directories((dir_ / path).parent_path());
    fs::copy(before.dir_ / path, dir_ / path, fs::copy_options::recursive);
    spec_["resume"] =
        Value::Object{{"path", path}, {"digest", checkpoint.at("digest")}, {"step", checkpoint.at("step")}};
  }

  // Starts `program`; false if it cannot be.
  bool Start(const fs::path& program) {
    const std::string spec = (dir_ / "spec.json").string(), log = (dir_ / "output.log").string();
    std::ofstream(spec) << Value(spec_).CanonicalJson();
    std::string words[] = {program.string(), "run", spec};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT, 0644);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int failure = posix_spawn(&pid_, argv[0], &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failure == 0;
  }

  // The status it ended with, as waitpid gives it.
  int Wait() const {
    int status = -1;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  // SIGKILL once it has told of `step`. Whether that, and nothing else, ended it.
  bool KillAt(int64_t step) const {
    while (LastStep() < step && !Ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    kill(pid_, SIGKILL);
    const int status = Wait();
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  [[nodiscard]] std::vector<Value::Object> Events(const std::string& type) const {
    std::vector<Value::Object> events;
    auto text = ReadWholeFile(dir_ / "events.jsonl");
    std::istringstream lines(text ? text->substr(0, text->rfind('\n') + 1) : "");
    for (std::string line; std::getline(lines, line);) {
      auto event = ParseJson(line, "events.jsonl");
      if (event && TextOf(event->As<Value::Object>(), "type") == type) events.push_back(event->As<Value::Object>());
    }
    return events;
  }

  // What it measured: "name step" -> value, times left out.
  void AddPoints(std::map<std::string, std::string>* points) const {
    for (const Value::Object& event : Events("metric")) {
      for (const auto& [name, value] : event.at("metrics").As<Value::Object>()) {
        if (!name.starts_with("time/"))
          (*points)[name + " " + event.at("step").CanonicalJson()] = value.CanonicalJson();
      }
    }
  }

  // The bytes of its last checkpoint's tensors, and its final metrics.
  [[nodiscard]] std::string End() const {
    std::string end;
    for (const char* name : {"model.safetensors", "optim.safetensors"}) {
      auto bytes = ReadWholeFile(dir_ / "checkpoints" / ("step-" + std::to_string(kSteps)) / name);
      end += bytes ? *bytes : "";
    }
    for (const Value::Object& event : Events("result")) end += event.at("metrics").CanonicalJson();
    return end;
  }

  [[nodiscard]] std::string Output() const {
    auto text = ReadWholeFile(dir_ / "output.log");
    return text ? *text : "";
  }

 private:
  [[nodiscard]] int64_t LastStep() const {
    const auto metrics = Events("metric");
    return metrics.empty() ? -1 : metrics.back().at("step").As<int64_t>();
  }
  // Not yet waited for.
  [[nodiscard]] bool Ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
  }

  fs::path dir_;
  Value::Object spec_;
  pid_t pid_ = 0;
};

AuditResult Failed(const std::string& why) { return {9, "resume after SIGKILL", false, 1, why}; }

// An attempt that a SIGKILL ended after some published checkpoint; nullopt if all tries ended by themselves.
std::optional<Attempt> Killed(const fs::path& folder, const Config& c, const fs::path& program) {
  Draws draws({static_cast<uint64_t>(c.seed), Purpose::kAudit, 11, 0});
  for (int i = 0; i < kTries; ++i) {
    Attempt attempt(folder / ("killed-" + std::to_string(i)), c);
    const auto step = 4 + static_cast<int64_t>(draws.NextBelow(kSteps / 2));
    if (attempt.Start(program) && attempt.KillAt(step) && !attempt.Events("checkpoint").empty()) return attempt;
  }
  return std::nullopt;
}

}  // namespace

AuditResult KilledRunAudit(const Config& config, const fs::path& program) {
  Config c = TinyCopy(config);
  c.steps = kSteps;
  c.eval_every = 20;
  c.target_rule = TargetRule::kNext;  // the task's
  c.ref_overlap_split = false;
  c.threads = 1;
  const ScratchFolder folder;
  Attempt whole(folder.path() / "whole", c), second(folder.path() / "second", c);
  if (!whole.Start(program) || whole.Wait() != 0) return Failed("the run did not end well: " + whole.Output());
  const auto first = Killed(folder.path(), c, program);
  if (!first) return Failed("no run was under way when its SIGKILL arrived");
  second.ResumeFrom(*first, first->Events("checkpoint").back());
  if (!second.Start(program) || second.Wait() != 0) return Failed("did not go on: " + second.Output());
  std::map<std::string, std::string> expected, found;
  whole.AddPoints(&expected);
  first->AddPoints(&found);
  second.AddPoints(&found);
  const bool same = !expected.empty() && found == expected && second.End() == whole.End();
  return NoneOf(9, "resume after SIGKILL", same ? 0 : 1,
                "runs ended by SIGKILL at a random step whose continuation by another process differs in a bit");
}

}  // namespace plasa::trainer
