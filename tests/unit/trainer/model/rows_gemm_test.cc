// A row of a product keeps its bits wherever it stands, with whatever BLAS this machine has.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "common/base/philox.h"
#include "trainer/kernels/gemm.h"
#include "trainer/model/model.h"

namespace plasa::trainer {
namespace {

std::vector<float> Random(int64_t n, uint32_t stream) {
  Draws draws({5, Purpose::kAudit, stream, 0});
  std::vector<float> x(static_cast<size_t>(n));
  for (float& value : x) value = static_cast<float>(draws.NextBelow(1 << 20)) / (1 << 19) - 1;
  return x;
}

TEST(RowsGemm, ARowKeepsItsBitsInGroupsOfEverySize) {
  PrepareProcess(1);
  const RowProducts& here = RowProductsHere();
  if (here.by == RowProducts::By::kNothing) GTEST_SKIP() << "experts run by plain ATen on this machine";
  for (const int64_t k : {8, 16, 64, 130, 512}) {
    for (const int64_t n : {16, 32, 100, 256}) {
      const std::vector<float> row = Random(k, 1), b = Random(n * k, 2);
      std::vector<float> first;
      for (int64_t rows = here.align; rows <= 8 * here.align; rows += here.align) {
        std::vector<float> a = Random(rows * k, static_cast<uint32_t>(rows)), c(static_cast<size_t>(rows * n));
        for (int64_t place = 0; place < rows; place += 5) std::copy(row.begin(), row.end(), a.begin() + place * k);
        RowsGemm<float>(rows, n, k, {a.data(), k}, {b.data(), k}, {c.data(), n});
        if (first.empty()) first.assign(c.begin(), c.begin() + n);
        for (int64_t place = 0; place < rows; place += 5)
          EXPECT_EQ(std::memcmp(c.data() + place * n, first.data(), n * sizeof(float)), 0)
              << "row " << place << " of " << rows << ", n " << n << ", k " << k;
      }
    }
  }
}

TEST(RowsGemm, MultipliesByTheTransposed) {
  const int64_t m = 48 * 2, n = 5, k = 7;
  std::vector<double> a(m * k), b(n * k), c(m * n);
  for (int64_t i = 0; i < m * k; ++i) a[i] = static_cast<double>(i % 13);
  for (int64_t i = 0; i < n * k; ++i) b[i] = static_cast<double>(i % 11) - 5;
  RowsGemm<double>(m, n, k, {a.data(), k}, {b.data(), k}, {c.data(), n});
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double want = 0;
      for (int64_t s = 0; s < k; ++s) want += a[i * k + s] * b[j * k + s];
      EXPECT_EQ(c[i * n + j], want);
    }
  }
}

}  // namespace
}  // namespace plasa::trainer
