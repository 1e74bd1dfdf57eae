#include "worker/attempt.h"

#include <csignal>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/utf8.h"
#include "worker/data_cache.h"
#include "worker/log.h"

namespace plasa::worker {
namespace {

constexpr uint64_t kGraceMs = 30'000;
constexpr uint64_t kGatherMs = 20;  // events that follow one another quickly travel together
constexpr uint64_t kUnreadableRetryMs = 500;
constexpr uint64_t kUnreadableLimitMs = 60'000;  // of events.jsonl, once the trainer has ended
constexpr size_t kLogTailBytes = 16 << 10;
constexpr size_t kLastLineBytes = 400;

// core::Cause lists the causes in the order of the wire's enum.
v1::Cause ToWire(core::Cause cause) { return static_cast<v1::Cause>(cause); }
static_assert(static_cast<int>(core::Cause::kControlPlane) == v1::CAUSE_CONTROL_PLANE);

// The last line of `text` that is not blank, shortened to what a sentence can hold.
std::string LastLine(absl::string_view text) {
  text = absl::StripTrailingAsciiWhitespace(text);
  const size_t start = text.rfind('\n');
  return std::string(text.substr(start == absl::string_view::npos ? 0 : start + 1).substr(0, kLastLineBytes));
}

}  // namespace

Attempt::Attempt(AttemptHost& host, AttemptKey key, std::string dir)
    : host_(host),
      key_(std::move(key)),
      dir_(std::move(dir)),
      stop_(kGraceMs),
      tail_(dir_ + "/events.jsonl"),
      log_(dir_ + "/output.log") {
  ending_.timeout_ms = key_.timeout_ms;
  CheckpointPublisher::Doors doors{host_.loop(),
                                   host_.fleet(),
                                   host_.transfer(),
                                   [this] { return host_.artifacts(); },
                                   [this](v1::PublishRequest& request) {
                                     request.set_worker_id(host_.worker_id());
                                     request.set_session(host_.session());
                                   },
                                   [this] { FinishWhenDrained(); }};
  publisher_ = std::make_shared<CheckpointPublisher>(std::move(doors), key_.token, dir_);
}

Attempt::~Attempt() {
  publisher_->Abandon();
  for (Scheduler::TimerId timer : {pump_timer_, stop_timer_, timeout_timer_}) host_.loop().Cancel(timer);
}

void Attempt::Begin(const v1::Lease& lease, const Place& place) {
  if (absl::Status made = MakeAttemptDir(dir_); !made.ok()) return FailToPrepare(made.message());
  if (lease.has_resume() || !PackageOf(lease).empty()) return FetchInputs(lease, place);
  WriteSpecAndLaunch(lease, place, "");
}

void Attempt::FetchInputs(const v1::Lease& lease, const Place& place) {
  auto job = [door = host_.artifacts(), &loop = host_.loop(), attempts = host_.attempts_dir(),
              data_dir = host_.data_dir(), dir = dir_, lease, place, weak = weak_from_this()](const Wanted& running) {
    std::string failure;
    absl::StatusOr<std::string> data = "";
    if (const std::string package = PackageOf(lease); !package.empty()) {
      data = FetchData(door, data_dir, package, running);
      if (!data.ok()) failure = absl::StrCat("cannot get the data: ", data.status().message());
    }
    if (lease.has_resume() && failure.empty()) {
      const std::string to = absl::StrCat(dir, "/checkpoints/step-", lease.resume().step());
      const absl::Status got = FetchCheckpoint(door, attempts, lease.trial(), lease.resume(), to, running);
      if (!got.ok()) failure = absl::StrCat("cannot get the checkpoint to resume from: ", got.message());
    }
    loop.Post([weak, lease, place, data = std::move(data), failure = std::move(failure)] {
      const auto self = weak.lock();
      if (!self || self->phase_ != Phase::kPreparing) return;
      if (failure.empty()) return self->WriteSpecAndLaunch(lease, place, *data);
      self->FailToPrepare(failure);
    });
  };
  host_.transfer().Submit(std::move(job));
}

void Attempt::WriteSpecAndLaunch(const v1::Lease& lease, const Place& place, const std::string& data_path) {
  if (stop_.reason() != core::StopReason::kNone) return OnTrainerEnded(std::nullopt);
  const absl::Status written = WriteSpec(dir_, lease, place, data_path);
  if (absl::IsInvalidArgument(written)) return OnRefused(std::string(written.message()));
  if (!written.ok()) return FailToPrepare(written.message());
  phase_ = Phase::kRunning;
  StartClock(0);
  host_.Launch(*this);
}

void Attempt::Adopt(uint64_t running_for_ms) {
  phase_ = Phase::kRunning;
  StartClock(running_for_ms);
}

void Attempt::AdoptEnded(std::optional<core::Exit> exit) { OnTrainerEnded(exit); }

void Attempt::StartClock(uint64_t running_for_ms) {
  if (key_.timeout_ms == 0) return;
  const uint64_t left = key_.timeout_ms > running_for_ms ? key_.timeout_ms - running_for_ms : 0;
  timeout_timer_ = host_.loop().RunAfter(left, [this] { Stop(core::StopReason::kTimeout); });
}

void Attempt::OnRefused(const std::string& reason) {
  ending_.start_failure = reason;
  OnTrainerEnded(std::nullopt);
}

void Attempt::FailToPrepare(absl::string_view reason) {
  ending_.preparation_failure = std::string(reason);
  host_.OnCannotPrepare();
  OnTrainerEnded(std::nullopt);
}

void Attempt::OnTrainerEnded(std::optional<core::Exit> exit) {
  if (phase_ >= Phase::kEnded) return;
  phase_ = Phase::kEnded;
  ending_.exit = exit;
  if (stop_.reason() == core::StopReason::kFenced) return Settle();
  Pump();
}

void Attempt::OnVerdict(v1::TokenVerdict::Verdict verdict) {
  if (verdict == v1::TokenVerdict::FENCED) Stop(core::StopReason::kFenced);
  if (verdict == v1::TokenVerdict::CANCEL) Stop(core::StopReason::kCancel);
}

void Attempt::Stop(core::StopReason reason) {
  stop_.Ask(reason, host_.loop().NowMs());
  if (stop_.reason() == core::StopReason::kFenced && phase_ >= Phase::kEnded) return Settle();
  if (phase_ == Phase::kRunning) ApplyStop();
}

void Attempt::ApplyStop() {
  const uint64_t now = host_.loop().NowMs();
  const core::StopSignal due = stop_.Due(now);
  if (due == core::StopSignal::kTerminate) host_.Signal(*this, SIGTERM);
  if (due == core::StopSignal::kKill) host_.Signal(*this, SIGKILL);
  host_.loop().Cancel(stop_timer_);
  const std::optional<uint64_t> next = stop_.NextMs();
  if (!next) return;
  stop_timer_ = host_.loop().RunAfter(*next > now ? *next - now : 0, [this] {
    if (phase_ == Phase::kRunning) ApplyStop();
  });
}

void Attempt::OnEventsChanged() {
  if (phase_ == Phase::kRunning) PumpLater(kGatherMs);
}

void Attempt::OnRegistered(uint64_t acked_seq) {
  refused_ = false;
  Acknowledge(acked_seq);
  Pump();
}

void Attempt::PumpLater(uint64_t delay_ms) {
  if (pump_timer_ != 0) return;
  pump_timer_ = host_.loop().RunAfter(delay_ms, [this] {
    pump_timer_ = 0;
    Pump();
  });
}

// Moves events from the file to the coordinator, one report at a time; at the end, finishes.
void Attempt::Pump() {
  if (phase_ == Phase::kPreparing || phase_ >= Phase::kFinishing) return;
  const absl::Status read = tail_.Read();
  if (absl::IsUnavailable(read)) {
    OnUnreadable(read);
  } else if (!read.ok() && ending_.bad_line.empty()) {
    ending_.bad_line = std::string(read.message());
    Stop(core::StopReason::kBadEvents);
  } else {
    unreadable_since_ms_.reset();
  }
  if (std::optional<LocalCheckpoint> checkpoint = tail_.TakeCheckpoint()) publisher_->Offer(*std::move(checkpoint));
  if (phase_ != Phase::kSettled) SendReport();
  FinishWhenDrained();
}

// A disk that gives the file later loses nothing; one that never does loses the attempt, not the trial.
void Attempt::OnUnreadable(const absl::Status& why) {
  const uint64_t now = host_.loop().NowMs();
  const bool never_ran = !ending_.preparation_failure.empty();
  if (!unreadable_since_ms_ && !never_ran) {
    LogWarning("events cannot be read", {{"token", absl::StrCat(key_.token)}, {"why", std::string(why.message())}});
    unreadable_since_ms_ = now;
  }
  const bool given_up = never_ran || (phase_ == Phase::kEnded && now - *unreadable_since_ms_ >= kUnreadableLimitMs);
  if (!given_up) return PumpLater(kUnreadableRetryMs);
  refused_ = true;
  if (!never_ran) ending_.preparation_failure = std::string(why.message());
}

void Attempt::SendReport() {
  const uint64_t session = host_.session();
  v1::ReportRequest request;
  if (reporting_ || refused_ || session == 0 || !tail_.FillBatch(request)) return;
  reporting_ = true;
  request.set_worker_id(host_.worker_id());
  request.set_session(session);
  request.set_token(key_.token);
  host_.fleet().Report(std::move(request), [&loop = host_.loop(), weak = weak_from_this(), session](auto reply) {
    loop.Post([weak, session, reply = std::move(reply)] {
      if (const auto self = weak.lock()) self->OnReported(session, reply);
    });
  });
}

void Attempt::OnReported(uint64_t session, const absl::StatusOr<v1::ReportReply>& reply) {
  reporting_ = false;
  if (phase_ == Phase::kSettled) return;
  if (reply.ok()) {
    backoff_.Reset();
    Acknowledge(reply->acked_seq());
    return Pump();
  }
  const absl::StatusCode code = reply.status().code();
  const bool refused = code == absl::StatusCode::kFailedPrecondition || code == absl::StatusCode::kNotFound;
  if (refused && session == host_.session()) return host_.OnSessionRefused(session);
  if (code == absl::StatusCode::kInvalidArgument) {
    refused_ = true;
    ending_.bad_line = std::string(reply.status().message());
    Stop(core::StopReason::kBadEvents);
    return FinishWhenDrained();
  }
  PumpLater(backoff_.NextDelayMs());
}

void Attempt::Acknowledge(uint64_t seq) {
  tail_.Acknowledge(seq);
  publisher_->OnAcknowledged(seq);
}

void Attempt::FinishWhenDrained() {
  const bool drained = refused_ || (tail_.AtEnd() && tail_.acked_seq() >= tail_.last_seq());
  if (phase_ != Phase::kEnded || !drained || reporting_ || !publisher_->Idle()) return;
  BuildFinished();
  phase_ = Phase::kFinishing;
  host_.OnFinishing(*this);
}

void Attempt::BuildFinished() {
  ending_.stopped = stop_.reason();
  ending_.has_result = tail_.last_type() == "result";
  LogEnd log = LogTail(dir_, kLogTailBytes);
  ending_.last_words = tail_.last_note().empty() ? LastLine(log.text) : tail_.last_note();
  const core::Outcome outcome = core::OutcomeOf(ending_);
  finished_.set_token(key_.token);
  finished_.set_last_seq(tail_.acked_seq());
  finished_.set_succeeded(outcome.succeeded);
  finished_.set_cause(ToWire(outcome.cause));
  finished_.set_message(ToUtf8(outcome.message));  // it may quote a path or a trainer
  finished_.set_log_offset(log.offset);
  finished_.set_log_tail(std::move(log.text));
}

void Attempt::OnFinishedReply(const v1::FinishedReply& reply) {
  if (phase_ != Phase::kFinishing) return;
  const bool events_missing = !reply.accepted() && reply.acked_seq() < finished_.last_seq() && reply.acked_seq() > 0;
  if (!events_missing) return Settle();
  phase_ = Phase::kEnded;
  Acknowledge(reply.acked_seq());
  Pump();
}

void Attempt::Settle() {
  if (phase_ == Phase::kSettled) return;
  phase_ = Phase::kSettled;
  publisher_->Abandon();
  host_.OnSettled(*this);
}

}  // namespace plasa::worker
