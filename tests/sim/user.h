// Somebody who submits, cancels and drains, asks again when no answer comes, and remembers what was answered.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "coordinator.h"
#include "world.h"

namespace plasa::sim {

class User {
 public:
  User(World& world, Coordinator& coordinator, uint64_t lost_after_ms)
      : world_(world), coordinator_(coordinator), lost_after_ms_(lost_after_ms) {}

  // Grids of trials x = from … to with two seeds each; one that stops early has rungs at 2, 4, 8, 16.
  void Submit(const std::string& name, int from, int to, bool stops_early = false);
  void Cancel(const std::string& name);
  void Drain(const std::string& worker, bool undo);
  // All that was asked has been answered.
  [[nodiscard]] bool content() const { return asks_.empty(); }

 private:
  // Gives the answer in words, or the refusal.
  using Answered = std::function<void(const absl::StatusOr<std::string>& answer)>;
  using Ask = std::function<void(Commands&, const RequestTag&, const Answered&)>;
  // One request after another, each until it is answered.
  void Insist(Ask ask);
  void Next();
  void Try(const RequestTag& tag);
  void OnAnswer(const RequestTag& tag, const absl::StatusOr<std::string>& answer);

  World& world_;
  Coordinator& coordinator_;
  const uint64_t lost_after_ms_;
  int last_request_ = 0;
  std::deque<Ask> asks_;
  std::map<std::pair<uint64_t, std::string>, std::string> answers_;  // by restores and request id; the first counts
  std::map<std::string, std::string> sweep_ids_;                     // by name
};

}  // namespace plasa::sim
