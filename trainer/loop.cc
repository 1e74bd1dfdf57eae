#include "trainer/loop.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "common/base/number_text.h"
#include "common/experiment/flops.h"
#include "common/experiment/results_version.h"
#include "common/experiment/schedule.h"
#include "trainer/audit/attempt_audits.h"
#include "trainer/audit/gradient_coverage.h"
#include "trainer/batches.h"
#include "trainer/checkpoint.h"
#include "trainer/evaluation.h"
#include "trainer/events.h"
#include "trainer/hardware.h"
#include "trainer/history.h"
#include "trainer/optimiser.h"
#include "trainer/peak_memory.h"
#include "trainer/result_record.h"
#include "trainer/resume.h"
#include "trainer/signals.h"
#include "trainer/stopwatch.h"

namespace plasa::trainer {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); }

// Why an attempt ends before its result.
struct Stop {
  ExitCode code;
  std::string why;  // empty: nothing to say
};

// What an evaluation found.
struct Measured {
  int64_t step;
  EvaluationSums sums;
  Value::List layers;
};

at::ScalarType TypeOf(Precision precision) { return precision == Precision::kF64 ? at::kDouble : at::kFloat; }

// The state of one attempt, and its steps from top to bottom. Owned by RunAttempt; one thread.
class Attempt {
 public:
  Attempt(const RunSpec& spec, Config config, std::unique_ptr<Dataset> data, EventLog events)
      : spec_(spec),
        config_(std::move(config)),
        cap_final_(spec.params.Is<Value::Object>() && spec.params.As<Value::Object>().count("preset") != 0 &&
                   spec.params.As<Value::Object>().at("preset") == Value("demo")),
        log_every_(config_.steps <= 500 ? 1 : 10),
        data_(std::move(data)),
        events_(std::move(events)),
        model_(config_, TypeOf(config_.precision), at::Device(config_.device)),
        optimiser_(model_),
        coverage_(model_, config_.steps),
        invalid_reasons_(InvalidReasons(config_)) {}

  // The whole attempt. Success carries nothing; everything else is a Stop.
  std::optional<Stop> Run() {
    if (auto stop = Resume()) return stop;
    Announce();
    if (auto stop = Audit()) return stop;
    if (step_ == 0 && !history_.EvaluatedAt(0)) EvaluateHere();
    while (step_ < config_.steps) {
      if (auto stop = TrainStep()) return stop;
      const bool evaluates = step_ % config_.eval_every == 0 || step_ == config_.steps;
      if (evaluates) EvaluateHere();
      if (evaluates || CheckpointIsDue()) {
        if (auto stop = SaveHere()) return stop;
      }
      if (LeaveRequested() && step_ < config_.steps) return Leave();
    }
    Finish();
    return std::nullopt;
  }

 private:
  // Takes over the published checkpoint, if the worker placed one.
  std::optional<Stop> Resume() {
    if (!spec_.resume) return std::nullopt;
    auto state = LoadCheckpoint(spec_.dir, spec_.resume->path, spec_.resume->digest, model_, optimiser_);
    if (!state) return Stop{ExitCode::kCrashed, state.error().Text()};
    auto resumed = ReadState(*state, Identity(), spec_.inexact);
    if (!resumed) return Stop{ExitCode::kUserError, resumed.error().Text()};
    if (resumed->step != spec_.resume->step || resumed->step > config_.steps)
      return Stop{ExitCode::kUserError, "checkpoint: holds step " + std::to_string(resumed->step) + " of " +
                                            std::to_string(config_.steps) + ", where step " +
                                            std::to_string(spec_.resume->step) + " was asked for"};
    step_ = resumed->step;
    saved_step_ = step_;
    history_ = std::move(resumed->history);
    if (auto error = coverage_.Restore(resumed->coverage)) return Stop{ExitCode::kUserError, error->Text()};
    optimiser_.set_steps(step_);
    inexact_ = resumed->inexact;
    if (inexact_) invalid_reasons_.push_back("inexact_resume");
    return std::nullopt;
  }

  [[nodiscard]] RunIdentity Identity() const {
    return {ConfigHash(config_), data_->facts().digest,
            HardwareClass(*FindDevice(config_.device), static_cast<int>(config_.threads))};
  }

  void Announce() {
    const std::string table = ScheduleTable(config_, config_.seq_len);
    events_.Append("start", step_,
                   {{"checkpoint", spec_.resume ? Value(spec_.resume->digest) : Value()},
                    {"steps_total", config_.steps},
                    {"build", BuildText()},
                    {"hardware_class", Identity().hardware_class},
                    {"data_digest", data_->facts().digest},
                    {"tokenizer", TokenizerValue(data_->facts())},
                    {"results_version", kResultsVersion},
                    {"schedule_table", table},
                    {"valid", invalid_reasons_.empty()},
                    {"invalid_reasons", ReasonList(invalid_reasons_)}});
    if (!data_->facts().note.empty()) events_.Note(step_, data_->facts().note);
    std::printf("%s", table.c_str());
    PrintBanner();
    std::fflush(stdout);
  }

  void PrintBanner() const {
    if (invalid_reasons_.empty()) return;
    std::string flags;
    for (const std::string& reason : invalid_reasons_) flags += " " + reason;
    std::printf("INVALID: not a strict run, its result supports no claim:%s\n", flags.c_str());
  }

  // The audits due before the first step, and those that the attempts before this one have made on the way.
  std::optional<Stop> Audit() {
    std::optional<Stop> first;
    for (const AuditResult& audit : StartAudits(config_, *data_)) {
      auto stop = Judge(audit);
      if (!first) first = std::move(stop);
    }
    return first || !coverage_.IsComplete() ? first : Judge(coverage_.Result());
  }

  // Tells and keeps an audit's outcome. One that failed ends a strict run.
  std::optional<Stop> Judge(const AuditResult& audit) {
    events_.Append("audit", step_, AuditValue(audit).As<Value::Object>());
    audits_.push_back(audit);
    if (audit.passed || !InvalidReasons(config_).empty()) return std::nullopt;
    return Stop{ExitCode::kAudit,
                "audit " + std::to_string(audit.number) + " (" + audit.name + ") failed: " + audit.message};
  }

  // One optimiser step on the global batch of step_, and its point on the curves.
  std::optional<Stop> TrainStep() {
    const auto begin = Clock::now();
    watch_.Start();
    const Batch batch = TrainBatch(*data_, config_, step_, model_.device());
    watch_.Lap("data");
    ForwardOptions options;
    options.step = step_;
    options.train = true;
    options.keep_logits = false;
    const Forward forward = model_.Run(batch, options);
    const double loss = forward.ce.item<double>();
    watch_.Lap("forward");
    auto gradients = Gradients(model_, forward.loss);
    watch_.Lap("backward");
    const bool watched = !coverage_.IsComplete();
    if (watched) coverage_.Add(batch, forward, gradients);
    const StepReport report = optimiser_.Step(std::move(gradients));
    watch_.Lap("optimiser");
    watch_.NoteKernels();
    history_.AddStep(loss, SecondsSince(begin) * 1000.0);
    ++step_;
    if (step_ % log_every_ == 0 || step_ == config_.steps) RecordStep(forward, report);
    RecordProgress();
    if (!std::isfinite(loss) || !std::isfinite(report.norm_main) || !std::isfinite(report.norm_indexer))
      return Stop{ExitCode::kUserError,
                  "the loss or its gradient is not finite at step " + std::to_string(step_) + ": lower lr, or clip"};
    return watched && coverage_.IsComplete() ? Judge(coverage_.Result()) : std::nullopt;
  }

  void RecordStep(const Forward& forward, const StepReport& report) {
    Value::Object metrics{{"train/loss", history_.last_train_loss},
                          {"lr", report.lr_main},
                          {"grad_norm/main", report.norm_main},
                          {"grad_norm/indexer", report.norm_indexer},
                          {"time/step_ms", history_.step_ms.back()}};
    if (forward.aux.defined()) metrics["train/aux"] = forward.aux.item<double>();
    if (forward.kl.defined()) metrics["train/kl"] = forward.kl.item<double>();
    events_.Metrics(step_, std::move(metrics));
  }

  void RecordProgress() {
    ++steps_here_;
    if (SecondsSince(last_progress_) < 1) return;
    last_progress_ = Clock::now();
    const double eta =
        SecondsSince(begin_) / static_cast<double>(steps_here_) * static_cast<double>(config_.steps - step_);
    events_.Append("progress", step_, {{"steps_total", config_.steps}, {"eta_s", std::round(eta)}});
  }

  [[nodiscard]] int64_t ValidationWindows() const {
    return EvaluationWindows(config_, *data_, step_ == config_.steps, cap_final_);
  }

  // Evaluates the parameters as they are; a second call at the same step costs nothing.
  const Measured& Measure() {
    if (measured_ && measured_->step == step_) return *measured_;
    watch_.Start();
    EvaluationSums sums = Evaluate(model_, *data_, EvaluationSide::kValidation, ValidationWindows());
    watch_.Lap("eval");
    measured_.emplace(Measured{step_, std::move(sums), EvaluateLayers(model_, *data_)});
    return *measured_;
  }

  void EvaluateHere() {
    const auto& [step, sums, layers] = Measure();
    history_.AddEvaluation(step_, sums.Loss(), sums.Accuracy());
    events_.Metrics(step_,
                    {{"val/loss", sums.Loss()}, {"val/accuracy", sums.Accuracy()}, {"val/ppl", sums.Perplexity()}});
    if (!layers.empty()) events_.Append("stats", step_, {{"layers", layers}});
    std::printf("step %lld/%lld  val loss %.4f  accuracy %.4f\n", static_cast<long long>(step_),
                static_cast<long long>(config_.steps), sums.Loss(), sums.Accuracy());
    std::fflush(stdout);
  }

  bool CheckpointIsDue() {
    const bool asked = TakeCheckpointRequest() || LeaveRequested();
    const bool by_step = config_.checkpoint_every > 0 && step_ % config_.checkpoint_every == 0;
    return asked || by_step || (spec_.checkpoint_every_s > 0 && SecondsSince(last_save_) >= spec_.checkpoint_every_s);
  }

  // Publishes the state after step_. What the events say up to here is on the disk before the checkpoint is.
  std::optional<Stop> SaveHere() {
    events_.Sync();
    const int64_t events_seq = events_.last_seq();
    const Value state =
        StateValue({step_, history_, coverage_.ToValue(), inexact_}, config_, *data_, Identity(), events_seq);
    auto saved = SaveCheckpoint(spec_.dir, step_, events_seq, model_, optimiser_, state);
    if (!saved) return Stop{ExitCode::kCrashed, saved.error().Text()};
    saved_step_ = step_;
    last_save_ = Clock::now();
    events_.Append(
        "checkpoint", step_,
        {{"path", saved->path}, {"digest", saved->digest}, {"events_seq", events_seq}, {"files", saved->FilesValue()}});
    return std::nullopt;
  }

  std::optional<Stop> Leave() {
    if (saved_step_ != step_) {
      if (auto stop = SaveHere()) return stop;
    }
    events_.Sync();
    return Stop{ExitCode::kPreempted, ""};
  }

  // The result is computed from the final parameters alone, so that a run resumed at its end gives the same.
  void Finish() {
    const auto& [step, validation, layers] = Measure();
    const EvaluationSums train = Evaluate(model_, *data_, EvaluationSide::kTrain, TrainEvaluationWindows());
    const RunOutcome outcome{config_,          data_->facts(), validation,       train,    layers,
                             history_,         audits_,        invalid_reasons_, Epochs(), watch_.MedianSeconds(),
                             PeakMemoryBytes()};
    events_.Append("result", step_,
                   {{"valid", invalid_reasons_.empty()},
                    {"invalid_reasons", ReasonList(invalid_reasons_)},
                    {"metrics", FinalMetrics(outcome)},
                    {"record", ResultRecord(outcome)}});
    events_.Sync();
    PrintLayers(layers);
    PrintBanner();
  }

  static void PrintLayers(const Value::List& layers) {
    for (const Value& layer : layers) {
      const auto& fields = layer.As<Value::Object>();
      std::printf("Layer %lld: k=%lld, sparsity=%.2f%%\n", static_cast<long long>(fields.at("layer_idx").As<int64_t>()),
                  static_cast<long long>(fields.at("actual_k").Number()),
                  100.0 * fields.at("sparsity_causal").Number());
    }
  }

  [[nodiscard]] int64_t TrainEvaluationWindows() const {
    const auto available = static_cast<int64_t>(data_->TrainWindows());
    return available == 0 ? ValidationWindows() : std::min(ValidationWindows(), available);
  }

  // Passes over the training windows; 0 where every sample is fresh.
  [[nodiscard]] double Epochs() const {
    const auto windows = static_cast<double>(data_->TrainWindows());
    return windows > 0 ? static_cast<double>(config_.steps * config_.batch_size) / windows : 0;
  }

  // Constant.
  const RunSpec& spec_;
  const Config config_;
  const bool cap_final_;
  const int64_t log_every_;

  std::unique_ptr<Dataset> data_;
  EventLog events_;
  Model model_;
  Adam optimiser_;
  GradientCoverage coverage_;
  std::vector<AuditResult> audits_;  // of the run so far, in the order of their events
  std::vector<std::string> invalid_reasons_;

  int64_t step_ = 0;  // optimiser steps done
  int64_t saved_step_ = -1;
  int64_t steps_here_ = 0;
  bool inexact_ = false;
  History history_;
  std::optional<Measured> measured_;
  Stopwatch watch_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_progress_ = begin_;
  Clock::time_point last_save_ = begin_;
};

// Weights, gradients and two moments must fit, or the system ends the process and perhaps others with it.
Outcome CheckMemory(const Config& config, const Device& device) {
  const double width = config.precision == Precision::kF64 ? 8 : 4;
  const double needed = 4 * width * static_cast<double>(CountParameters(config).total);
  if (device.memory_bytes == 0 || needed < static_cast<double>(device.memory_bytes)) return std::nullopt;
  const auto gigabytes = [](double bytes) { return NumberText(std::ceil(bytes / 1e9)) + " GB"; };
  return Error{"weights, gradients and moments need " + gigabytes(needed) + ", " + device.name + " has " +
                   gigabytes(static_cast<double>(device.memory_bytes)),
               "d_model, n_layers", "take a smaller model"};
}

// Everything that can be refused before the first event.
std::optional<Stop> Prepare(const RunSpec& spec, std::unique_ptr<Dataset>* data, Config* config) {
  const auto device = FindDevice(spec.config.device);
  if (!device) return Stop{ExitCode::kUserError, device.error().Text()};
  const auto tokenizer = TokenizerOf(spec.config);
  if (!tokenizer) return Stop{ExitCode::kUserError, tokenizer.error().Text()};
  auto opened = OpenDataset(spec.data, WindowOptionsOf(spec.config), *tokenizer);
  if (!opened) return Stop{ExitCode::kData, opened.error().Text()};
  *data = std::move(*opened);
  auto fitted = WithVocabularyOf(spec, (*data)->facts().vocab);
  if (!fitted) return Stop{ExitCode::kUserError, fitted.error().Text()};
  *config = std::move(*fitted);
  if (auto large = CheckMemory(*config, *device)) return Stop{ExitCode::kOutOfMemory, large->Text()};
  return std::nullopt;
}

std::optional<Stop> RunGuarded(const RunSpec& spec) {
  try {
    std::unique_ptr<Dataset> data;
    Config config;
    if (auto stop = Prepare(spec, &data, &config)) return stop;
    auto events = EventLog::Open(spec.dir);
    if (!events) return Stop{ExitCode::kUserError, events.error().Text()};
    return Attempt(spec, std::move(config), std::move(data), std::move(*events)).Run();
  } catch (const std::bad_alloc&) {
    return Stop{ExitCode::kOutOfMemory, "out of memory: take a smaller batch_size, seq_len or model"};
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    const bool memory =
        text.find("out of memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos;
    return Stop{memory ? ExitCode::kOutOfMemory : ExitCode::kCrashed, text};
  } catch (const std::system_error& error) {
    return Stop{ExitCode::kCrashed, error.what()};
  } catch (const std::runtime_error& error) {  // how a Model says that it has diverged
    return Stop{ExitCode::kUserError, error.what()};
  } catch (const std::exception& error) {
    return Stop{ExitCode::kCrashed, error.what()};
  }
}

}  // namespace

ExitCode RunAttempt(const RunSpec& spec) {
  InstallSignalHandlers();
  PrepareProcess(static_cast<int>(spec.config.threads));
  const auto stop = RunGuarded(spec);
  if (!stop) return ExitCode::kSucceeded;
  if (!stop->why.empty()) std::fprintf(stderr, "plasa-trainer: %s\n", stop->why.c_str());
  return stop->code;
}

}  // namespace plasa::trainer
