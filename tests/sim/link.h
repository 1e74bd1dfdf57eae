// The network between one worker and the coordinator: two directions that fail apart.
#pragma once

#include <cstdint>

#include "world.h"

namespace plasa::sim {

class Link {
 public:
  explicit Link(World& world) : world_(world) {}

  // Carries `arrive` to the other side, after a while, twice, or never.
  void Up(World::Task arrive) { Send(up_, std::move(arrive)); }
  void Down(World::Task arrive) { Send(down_, std::move(arrive)); }
  // Whether something could pass now, for transfers that are one event here.
  [[nodiscard]] bool Passes();

  // Until then nothing passes in that direction.
  void CutUp(uint64_t until_ms) { up_.cut_until_ms = until_ms; }
  void CutDown(uint64_t until_ms) { down_.cut_until_ms = until_ms; }
  // What is sent before that arrives then, all at once.
  void Clog(uint64_t until_ms) { up_.clogged_until_ms = down_.clogged_until_ms = until_ms; }
  // Loses, doubles and delays.
  void Disturb(uint64_t until_ms) { bad_until_ms_ = until_ms; }
  void Heal();

 private:
  struct Direction {
    uint64_t cut_until_ms = 0;
    uint64_t clogged_until_ms = 0;
  };
  void Send(const Direction& direction, World::Task arrive);
  [[nodiscard]] uint64_t DelayMs(const Direction& direction);

  World& world_;
  Direction up_, down_;
  uint64_t bad_until_ms_ = 0;
};

}  // namespace plasa::sim
