// Random events: whatever comes, the invariants hold and what is durable is what the core knows (ScriptRunner checks
// both).
#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "random_line.h"
#include "script_runner.h"

namespace plasa::coordinator {
namespace {

constexpr int kSeeds = 60;
constexpr int kEvents = 250;

TEST(Core, KeepsItsInvariantsUnderRandomEvents) {
  uint64_t granted = 0, pruned = 0;
  for (uint32_t seed = 1; seed <= kSeeds; ++seed) {
    std::mt19937 random(seed);
    ScriptRunner runner;
    std::string last;
    runner.on_effects = [&](const Effects& fx) {
      granted += fx.granted;
      for (const Write& write : fx.writes) {
        if (const auto* rung = std::get_if<PutRung>(&write)) pruned += rung->rung.pruned.size();
      }
    };
    try {
      for (int i = 0; i < kEvents; ++i) {
        last = RandomLine(runner.core(), random);
        static_cast<void>(runner.Run(last));
      }
    } catch (const std::runtime_error& error) {
      FAIL() << "seed " << seed << " at \"" << last << "\": " << error.what();
    }
  }
  EXPECT_GT(granted, static_cast<uint64_t>(kSeeds)) << "the events met nothing";
  EXPECT_GT(pruned, 0u) << "no rung was reached";
}

}  // namespace
}  // namespace plasa::coordinator
