#include "trainer.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/sha256.h"
#include "common/runtime/durable_file.h"

namespace plasa::sim {
namespace {

namespace json = boost::json;

constexpr uint64_t kStartMs = 300;
constexpr uint64_t kFastestStepMs = 300;
constexpr uint64_t kSlowerStepMs = 900;
constexpr int64_t kCheckpointEvery = 4;
constexpr int kCrash = 1;
constexpr int kPreempted = 75;

bool WriteWhole(const std::string& path, const std::string& text, int flags) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
  if (fd < 0) return false;
  const bool whole = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return whole;
}

}  // namespace

SimTrainer::SimTrainer(Doors doors, std::string dir, Handlers handlers)
    : world_(doors.world),
      oracle_(doors.oracle),
      process_(std::move(doors.process)),
      bug_(doors.bug),
      dir_(std::move(dir)),
      handlers_(std::move(handlers)) {}

void SimTrainer::Start() {
  step_ms_ = world_.random().Between(kFastestStepMs, kSlowerStepMs);
  world_.After(kStartMs, process_, [this] { Begin(); });
}

void SimTrainer::Begin() {
  const absl::StatusOr<std::string> text = ReadWholeFile(dir_ + "/spec.json");
  if (!text.ok()) return Exit(kCrash, 0);
  const json::object spec = json::parse(*text).as_object();
  trial_ = std::string(spec.at("trial").as_string());
  token_ = static_cast<uint64_t>(spec.at("token").to_number<int64_t>());
  state_ = Oracle::Begin(trial_);
  std::string from = "null";
  if (spec.at("resume").is_object()) {
    const json::object& resume = spec.at("resume").as_object();
    from = json::serialize(resume.at("digest"));
    step_ = resume.at("step").to_number<int64_t>();
    if (!Resume(std::string(resume.at("path").as_string()), std::string(resume.at("digest").as_string()))) return;
  }
  if (!Append("start", absl::StrCat(",\"checkpoint\":", from))) return Exit(kCrash, 0);
  if (step_ == Oracle::StepsOf(trial_)) return Finish();
  world_.After(step_ms_, process_, [this] { Step(); });
}

bool SimTrainer::Resume(const std::string& path, const std::string& digest) {
  const absl::StatusOr<std::string> manifest = ReadWholeFile(absl::StrCat(dir_, "/", path, "/MANIFEST"));
  const absl::StatusOr<std::string> state = ReadWholeFile(absl::StrCat(dir_, "/", path, "/state"));
  if (!manifest.ok() || !state.ok() || Sha256Hex(*manifest) != digest) {
    world_.Violate(absl::StrCat("P6: the checkpoint that token ", token_, " resumes from is not whole"));
    return false;
  }
  state_ = std::stoull(*state);
  if (state_ == oracle_.StateAt(trial_, step_)) return true;
  world_.Violate(absl::StrCat("P7: token ", token_, " resumes from another state than that of step ", step_));
  return false;
}

void SimTrainer::Step() {
  ++step_;
  state_ = Oracle::Next(state_, step_);
  if (!Append("metric", Metrics())) return Exit(kCrash, 0);
  const int64_t last = Oracle::StepsOf(trial_);
  if (step_ % kCheckpointEvery == 0 || step_ == last || asked_to_leave_) Checkpoint();
  if (!process_->alive) return;
  if (step_ == last) return Finish();
  if (asked_to_leave_) return Exit(kPreempted, 0);
  world_.After(step_ms_, process_, [this] { Step(); });
}

std::string SimTrainer::Metrics() const {
  return absl::StrFormat(",\"metrics\":{\"loss\":%.17g}", Oracle::LossOf(state_));
}

void SimTrainer::Finish() { Exit(Append("result", Metrics()) ? 0 : kCrash, 0); }

// In the product's order: the points, the files, the manifest, then the event that tells of it.
void SimTrainer::Checkpoint() {
  synced_bytes_ = bytes_;
  const std::string path = absl::StrCat("checkpoints/step-", step_), dir = absl::StrCat(dir_, "/", path);
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  const std::string state = absl::StrCat(state_);
  const uint64_t events_seq = bug_ == Bug::kPublishBeforeAck ? 1 : seq_;
  const std::string files =
      absl::StrCat("[{\"name\":\"state\",\"size\":", state.size(), ",\"sha256\":\"", Sha256Hex(state), "\"}]");
  const std::string manifest =
      absl::StrCat("{\"step\":", step_, ",\"events_seq\":", events_seq, ",\"files\":", files, "}");
  if (!WriteWhole(dir + "/state", state, O_TRUNC) || !WriteWhole(dir + "/MANIFEST", manifest, O_TRUNC))
    return Exit(kCrash, 0);
  const std::string members = absl::StrCat(",\"path\":\"", path, "\",\"digest\":\"", Sha256Hex(manifest),
                                           "\",\"events_seq\":", events_seq, ",\"files\":", files);
  if (!Append("checkpoint", members)) Exit(kCrash, 0);
}

bool SimTrainer::Append(const std::string& type, const std::string& members) {
  const std::string line = absl::StrCat("{\"seq\":", seq_ + 1, ",\"type\":\"", type, "\",\"step\":", step_,
                                        ",\"time\":", world_.unix_s(), members, "}\n");
  if (!WriteWhole(dir_ + "/events.jsonl", line, O_APPEND)) return false;
  ++seq_;
  bytes_ += line.size();
  if (type == "start") synced_bytes_ = bytes_;
  handlers_.on_append();
  return true;
}

void SimTrainer::Kill(int signal) {
  if (!running()) return;
  const bool between_lines = bytes_ == 0 || world_.random().Chance(0.5);
  if (!between_lines) WriteWhole(dir_ + "/events.jsonl", "{\"seq\":", O_APPEND);
  Exit(0, signal);
}

void SimTrainer::Exit(int code, int signal) {
  if (!process_->alive) return;
  process_->alive = false;
  if (signal == 0) synced_bytes_ = bytes_;
  handlers_.on_exit(code, signal);
}

}  // namespace plasa::sim
