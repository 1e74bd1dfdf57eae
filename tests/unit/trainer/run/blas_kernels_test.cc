#include "trainer/blas_kernels.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

TEST(BlasKernels, AreReplacedWhereTheyWasteTheProcessor) {
  // What OpenBLAS 0.3.21 takes on an Intel processor that came after it.
  EXPECT_EQ(BetterBlasKernels("Prescott", true, true), "SkylakeX");
  EXPECT_EQ(BetterBlasKernels("Prescott", true, false), "Haswell");
  EXPECT_EQ(BetterBlasKernels("Sandybridge", true, false), "Haswell");
}

TEST(BlasKernels, AreLeftWhereTheyDoNot) {
  EXPECT_EQ(BetterBlasKernels("Prescott", false, false), "");
  for (const char* kernels : {"SkylakeX", "Cooperlake", "SapphireRapids", "Zen", "Haswell"})
    EXPECT_EQ(BetterBlasKernels(kernels, true, true), "") << kernels;
  // Another BLAS.
  EXPECT_EQ(BetterBlasKernels("", true, true), "");
}

}  // namespace
}  // namespace plasa::trainer
