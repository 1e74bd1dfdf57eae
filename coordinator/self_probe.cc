#include "coordinator/self_probe.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/runtime/thread_name.h"

namespace plasa {
namespace {

std::string Late(const std::string& part, std::chrono::milliseconds limit) {
  return absl::StrCat(part, ": no answer within ", static_cast<double>(limit.count()) / 1000, " s");
}

}  // namespace

void SelfProbe::Put(const ProbedPart& part, std::chrono::milliseconds limit) const {
  {
    const std::lock_guard lock(board_->mutex);
    Question& question = board_->questions[part.name];
    if (question.open) return;
    question.open = true;
  }
  part.ask(limit, [board = board_, name = part.name](const absl::Status& answer) {
    const std::lock_guard lock(board->mutex);
    board->questions[name] = {false, answer};
    board->changed.notify_all();
  });
}

std::vector<std::string> SelfProbe::Ask(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (const ProbedPart& part : parts_) Put(part, limit);
  std::unique_lock lock(board_->mutex);
  const auto all_answered = [this] {
    return std::none_of(board_->questions.begin(), board_->questions.end(),
                        [](const auto& q) { return q.second.open; });
  };
  board_->changed.wait_until(lock, deadline, [&] { return board_->stopped || all_answered(); });
  std::vector<std::string> silent;
  if (board_->stopped) return silent;
  for (const ProbedPart& part : parts_) {
    const Question& question = board_->questions[part.name];
    if (question.open) {
      silent.push_back(Late(part.name, limit));
    } else if (!question.answer.ok()) {
      silent.push_back(absl::StrCat(part.name, ": ", question.answer.message()));
    }
  }
  return silent;
}

void SelfProbe::Stop() {
  const std::lock_guard lock(board_->mutex);
  board_->stopped = true;
  board_->changed.notify_all();
}

ProbeThread::ProbeThread(SelfProbe probe, std::chrono::milliseconds period, OnRound on_round)
    : probe_(std::move(probe)), period_(period), on_round_(std::move(on_round)), thread_([this] { Run(); }) {}

ProbeThread::~ProbeThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  probe_.Stop();
  thread_.join();
}

void ProbeThread::Run() {
  NameThisThread("self-probe");
  auto due = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!changed_.wait_until(lock, due, [this] { return stopping_; })) {
    due = std::chrono::steady_clock::now() + period_;
    lock.unlock();
    const std::vector<std::string> silent = probe_.Ask(period_ * 3 / 4);
    lock.lock();
    if (!stopping_) on_round_(silent);
  }
}

}  // namespace plasa
