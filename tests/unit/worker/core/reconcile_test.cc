#include "worker/core/reconcile.h"

#include <gtest/gtest.h>

namespace plasa::core {
namespace {

// {exit.json, live shim, the coordinator wants it}: all eight.
TEST(Reconcile, NoExitDeadUnwantedIsCollected) { EXPECT_EQ(Reconcile({false, false, false}), Resolution::kCollect); }
TEST(Reconcile, NoExitDeadWantedIsLost) { EXPECT_EQ(Reconcile({false, false, true}), Resolution::kReportLost); }
TEST(Reconcile, AliveUnwantedIsStopped) { EXPECT_EQ(Reconcile({false, true, false}), Resolution::kStop); }
TEST(Reconcile, AliveWantedIsAdopted) { EXPECT_EQ(Reconcile({false, true, true}), Resolution::kAdopt); }
TEST(Reconcile, ExitedUnwantedIsCollected) { EXPECT_EQ(Reconcile({true, false, false}), Resolution::kCollect); }
TEST(Reconcile, ExitedWantedIsReported) { EXPECT_EQ(Reconcile({true, false, true}), Resolution::kReportExit); }
TEST(Reconcile, ExitWinsOverALiveShimUnwanted) { EXPECT_EQ(Reconcile({true, true, false}), Resolution::kCollect); }
TEST(Reconcile, ExitWinsOverALiveShimWanted) { EXPECT_EQ(Reconcile({true, true, true}), Resolution::kReportExit); }

}  // namespace
}  // namespace plasa::core
