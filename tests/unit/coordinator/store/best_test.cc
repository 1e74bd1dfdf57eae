// What counts as a sweep's best.
#include <gtest/gtest.h>

#include "coordinator/store/effects_writer.h"
#include "coordinator/store/read.h"
#include "script_runner.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

using coordinator::Effects;
using coordinator::ScriptRunner;

TEST(Best, IsOfAdmittedAndValidTrialsOnly) {
  const TempStore temp;
  Queries queries(temp.Open());
  Written written;
  ScriptRunner runner;
  runner.on_effects = [&](const Effects& fx) { ASSERT_TRUE(ApplyWrites(fx.writes, queries, &written).ok()); };
  for (const char* line : {"worker a slots=3 trainers=steps", "submit s x=1,2,3", "exchange a free=0,1,2",
                           "report a 1 start@0 metric:val/loss=3@1 result@1",              // counts
                           "report a 2 start@0 metric:val/loss=2@1 audit:1:bad result@1",  // quarantined
                           "report a 3 start@0 metric:val/loss=1@1 result:invalid@1",      // a reference mode
                           "exchange a held=1,2,3 finished=1:ok@3,2:ok@4,3:ok@3"}) {
    static_cast<void>(runner.Run(line));
  }
  const auto reader = Reader::Open(DatabasePath(temp.dir()));
  ASSERT_TRUE(reader.ok());
  const auto sweeps = (*reader)->Sweeps(1);
  ASSERT_TRUE(sweeps.ok() && sweeps->size() == 1) << sweeps.status();
  EXPECT_EQ(sweeps->front().best_value, 3.0);
}

}  // namespace
}  // namespace plasa::store
