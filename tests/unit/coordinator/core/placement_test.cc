#include "coordinator/core/placement.h"

#include <gtest/gtest.h>

namespace plasa::coordinator {
namespace {

TEST(TakesWork, OnlyAWorkerThatIsHereAndHeardAndNotDraining) {
  Worker worker;
  EXPECT_TRUE(TakesWork(worker, kSuspectAfterMs));
  EXPECT_FALSE(TakesWork(worker, kSuspectAfterMs + 1));
  worker.record.draining = true;
  EXPECT_FALSE(TakesWork(worker, 0));
  worker.record.draining = false;
  worker.record.gone = true;
  EXPECT_FALSE(TakesWork(worker, 0));
}

}  // namespace
}  // namespace plasa::coordinator
