// The store's contract: what the database gives back after any sequence of effects is what the memory store gives back.
#include <gtest/gtest.h>

#include <random>

#include "coordinator/store/artifact_references.h"
#include "coordinator/store/effects_writer.h"
#include "coordinator/store/state_loader.h"
#include "random_line.h"
#include "script_runner.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

using coordinator::Dump;
using coordinator::Effects;
using coordinator::MemoryStore;
using coordinator::ScriptRunner;

void ApplyAtOnce(Queries& queries, const Effects& fx, Written* written) {
  ASSERT_TRUE(queries.connection().Execute("BEGIN IMMEDIATE").ok());
  const absl::Status applied = ApplyWrites(fx.writes, queries, written);
  ASSERT_TRUE(applied.ok()) << applied;
  ASSERT_TRUE(queries.connection().Execute("COMMIT").ok());
}

TEST(StoreContract, TheDatabaseKeepsWhatTheMemoryStoreKeeps) {
  for (uint32_t seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    const TempStore temp;
    Queries queries(temp.Open());
    MemoryStore memory;
    ScriptRunner runner;
    Written written;
    runner.on_effects = [&](const Effects& fx) {
      memory.Apply(fx.writes);
      ApplyAtOnce(queries, fx, &written);
    };
    for (int i = 0; i < 150; ++i) static_cast<void>(runner.Run(coordinator::RandomLine(runner.core(), random)));
    const auto loaded = LoadState(queries);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(Dump(*loaded), Dump(memory.Load())) << "seed " << seed;
  }
}

TEST(StoreContract, AnUncommittedGroupIsNotThereAfterReopening) {
  const TempStore temp;
  ScriptRunner runner;
  std::vector<Effects> effects;
  runner.on_effects = [&](const Effects& fx) { effects.push_back(fx); };
  static_cast<void>(runner.Run("worker w trainers=steps"));
  static_cast<void>(runner.Run("submit s x=1"));
  MemoryStore expected;
  expected.Apply(effects[0].writes);
  {
    Queries queries(temp.Open());
    Written written;
    ApplyAtOnce(queries, effects[0], &written);
    ASSERT_TRUE(queries.connection().Execute("BEGIN IMMEDIATE").ok());
    ASSERT_TRUE(ApplyWrites(effects[1].writes, queries, &written).ok());
    // The process dies here, between writing and committing.
  }
  Queries reopened(temp.Open());
  const auto loaded = LoadState(reopened);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(Dump(*loaded), Dump(expected.Load()));
}

TEST(StoreContract, AReplacedCheckpointLeavesOnlyFilesThatNobodyNames) {
  const TempStore temp;
  Queries queries(temp.Open());
  Written written;
  ScriptRunner runner;
  runner.on_effects = [&](const Effects& fx) { ApplyAtOnce(queries, fx, &written); };
  for (const char* line : {"worker a slots=2 trainers=steps", "submit s x=1,2", "exchange a free=0,1",
                           "report a 1 start@0 metric:loss=1@1", "report a 2 start@0 metric:loss=1@1",
                           "publish a 1 step=5 seq=2", "publish a 2 step=5 seq=2"}) {
    static_cast<void>(runner.Run(line));
  }
  EXPECT_TRUE(written.unreferenced.empty());
  static_cast<void>(runner.Run("publish a 1 step=9 seq=2"));
  EXPECT_TRUE(written.unreferenced.empty()) << "the other trial still names them";
  static_cast<void>(runner.Run("publish a 2 step=9 seq=2"));
  EXPECT_EQ(written.unreferenced, (std::vector<std::string>{"digest-5", "file-5"}));
  const auto referenced = ReferencedArtifacts(queries);
  ASSERT_TRUE(referenced.ok());
  EXPECT_EQ(*referenced, (std::set<std::string>{"digest-9", "file-9"}));
}

}  // namespace
}  // namespace plasa::store
