#include "link.h"

#include <utility>

namespace plasa::sim {
namespace {

constexpr uint64_t kUsualDelayMs = 3;
constexpr uint64_t kBadDelayMs = 2000;
constexpr double kLoss = 0.2;
constexpr double kDoubling = 0.2;

}  // namespace

uint64_t Link::DelayMs(const Direction& direction) {
  const bool bad = world_.now_ms() < bad_until_ms_;
  const uint64_t delay = world_.random().Below(bad ? kBadDelayMs : kUsualDelayMs);
  const uint64_t opens = direction.clogged_until_ms;
  return opens > world_.now_ms() ? opens - world_.now_ms() + world_.random().Below(kUsualDelayMs) : delay;
}

void Link::Send(const Direction& direction, World::Task arrive) {
  if (direction.cut_until_ms > world_.now_ms()) return;
  const bool bad = world_.now_ms() < bad_until_ms_;
  if (bad && world_.random().Chance(kLoss)) return;
  if (bad && world_.random().Chance(kDoubling)) world_.After(DelayMs(direction), arrive);
  world_.After(DelayMs(direction), std::move(arrive));
}

bool Link::Passes() {
  const uint64_t now = world_.now_ms();
  if (up_.cut_until_ms > now || down_.cut_until_ms > now || up_.clogged_until_ms > now) return false;
  return now >= bad_until_ms_ || !world_.random().Chance(kLoss);
}

void Link::Heal() {
  up_ = down_ = {};
  bad_until_ms_ = 0;
}

}  // namespace plasa::sim
