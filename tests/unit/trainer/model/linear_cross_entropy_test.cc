// The head by chunks against whole logits, in double.
#include "trainer/model/linear_cross_entropy.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/nll_loss.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "trainer/kernels/cross_entropy_rows.h"
#include "trainer/kernels/linear.h"
#include "trainer/model/records.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 11, kWidth = 3, kVocabulary = 7;

at::Tensor Leaf(at::IntArrayRef shape, uint32_t stream) {
  at::Tensor x = at::empty(shape, at::kDouble);
  Draws draws({5, Purpose::kAudit, stream, 0});
  for (int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<double>()[i] = static_cast<double>(draws.NextBelow(2000)) / 1000.0 - 1.0;
  return x.set_requires_grad(true);
}

// Some rows have no label.
at::Tensor Labels() {
  at::Tensor labels = at::empty({kRows}, at::kLong);
  for (int64_t i = 0; i < kRows; ++i) labels.data_ptr<int64_t>()[i] = i % 4 == 1 ? kIgnoredLabel : i % kVocabulary;
  return labels;
}

at::Tensor Whole(const at::Tensor& logits, const at::Tensor& labels, int64_t reduction) {
  return at::nll_loss(at::log_softmax(logits, -1), labels, {}, reduction, kIgnoredLabel);
}

double Distance(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(LinearCrossEntropy, ChunksGiveTheLossAndGradientsOfWholeLogits) {
  const at::Tensor x = Leaf({kRows, kWidth}, 0), weight = Leaf({kVocabulary, kWidth}, 1), labels = Labels();
  const at::Tensor whole = Whole(at::linear(x, weight), labels, at::Reduction::Mean);
  const auto expected = torch::autograd::grad({whole * 3}, {x, weight});
  for (const int64_t chunk : {int64_t{1}, 4 * kVocabulary, kChunkLogits}) {  // one row, 4 + 4 + 3 rows, all
    const at::Tensor mean = LinearCrossEntropy(x, weight, labels, Precision::kF64, chunk).mean;
    const auto got = torch::autograd::grad({mean * 3}, {x, weight});
    EXPECT_LT(Distance(mean, whole), 1e-14) << chunk;
    for (size_t i = 0; i < 2; ++i) EXPECT_LT(Distance(got[i], expected[i]), 1e-14) << chunk;
  }
}

TEST(LinearCrossEntropy, ChunksGiveTheRowsOfWholeLogits) {
  const c10::AutoGradMode evaluation(false);
  const at::Tensor x = Leaf({kRows, kWidth}, 0), weight = Leaf({kVocabulary, kWidth}, 1), labels = Labels();
  const at::Tensor logits = at::linear(x, weight);
  const LinearCrossEntropyResult got = LinearCrossEntropy(x, weight, labels, Precision::kF64, 4 * kVocabulary);
  EXPECT_LT(Distance(got.nll, Whole(logits, labels, at::Reduction::None)), 1e-14);
  EXPECT_LT(Distance(got.mean, Whole(logits, labels, at::Reduction::Mean)), 1e-14);
  EXPECT_TRUE(got.correct.equal(logits.argmax(-1).eq(labels)));
}

// All chunks of a head that is large enough, also a small last one.
TEST(LinearCrossEntropy, RoundsAsLinearDoes) {
  constexpr int64_t kMany = 130, kWide = 64;
  const auto leaf = [](int64_t rows, uint32_t stream) {
    return Leaf({rows, kWide}, stream).detach().to(at::kFloat).set_requires_grad(true);
  };
  const at::Tensor x = leaf(kMany, 0), weight = leaf(kWide, 1), labels = at::arange(kMany, at::kLong).remainder(kWide);
  const auto mean = [&](Precision p) { return LinearCrossEntropy(x, weight, labels, p, 50 * kWide).mean; };
  const at::Tensor got = mean(Precision::kBf16),
                   whole = Whole(Linear(x, weight, Precision::kBf16), labels, at::Reduction::Mean);
  EXPECT_LT(Distance(got, whole), 1e-5);
  EXPECT_GT(Distance(got, mean(Precision::kF32)), 1e-5);
  const auto a = torch::autograd::grad({got}, {x, weight}), b = torch::autograd::grad({whole}, {x, weight});
  for (size_t i = 0; i < 2; ++i) EXPECT_LT(Distance(a[i], b[i]), 0.01 * b[i].abs().max().item<double>());
}

// Rows that fill no whole number of lanes, logits beyond what e^x takes, rows without a label: against LibTorch.
TEST(LinearCrossEntropy, RowsOfAnyLengthInFloat) {
  for (const int64_t vocabulary : {int64_t{1}, int64_t{15}, int64_t{16}, int64_t{17}, int64_t{257}, int64_t{1000}}) {
    constexpr int64_t kSome = 5;
    at::Tensor logits = (Leaf({kSome, vocabulary}, 2).detach() * 200).to(at::kFloat);
    const at::Tensor labels = at::empty({kSome}, at::kLong), weights = at::full({kSome}, 0.25, at::kFloat);
    for (int64_t i = 0; i < kSome; ++i) labels.data_ptr<int64_t>()[i] = i == 3 ? kIgnoredLabel : i * 7 % vocabulary;
    const at::Tensor leaf = logits.to(at::kDouble).set_requires_grad(true);
    const at::Tensor nll = Whole(leaf, labels, at::Reduction::None);
    const at::Tensor expected = torch::autograd::grad({nll.sum() * 0.25}, {leaf})[0];
    const at::Tensor got = at::empty({kSome}, at::kFloat), again = logits.clone();
    std::vector<uint16_t> rounded(static_cast<size_t>(logits.numel()));
    const auto rows = [&](const at::Tensor& x) {
      return LogitRows<float>{x.data_ptr<float>(), labels.data_ptr<int64_t>(), weights.data_ptr<float>(), kSome,
                              vocabulary};
    };
    CrossEntropyRows(rows(logits), got.data_ptr<float>());
    EXPECT_LT(Distance(got, nll), 1e-4) << vocabulary;
    EXPECT_LT(Distance(logits, expected), 1e-6) << vocabulary;
    CrossEntropyRowsBf16(rows(again), got.data_ptr<float>(), rounded.data());
    for (int64_t i = 0; i < logits.numel(); ++i) {
      const at::BFloat16 want(logits.data_ptr<float>()[i]);
      EXPECT_EQ(rounded[static_cast<size_t>(i)], want.x) << vocabulary << " at " << i;
    }
  }
}

TEST(LinearCrossEntropy, ANumberThatIsNoneIsSeen) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    at::Tensor x = Leaf({kRows, kWidth}, 0).detach().to(at::kFloat);
    x.data_ptr<float>()[0] = static_cast<float>(bad);
    const at::Tensor weight = Leaf({kVocabulary, kWidth}, 1).detach().to(at::kFloat).set_requires_grad(true);
    EXPECT_TRUE(std::isnan(LinearCrossEntropy(x, weight, Labels(), Precision::kF32).mean.item<double>()));
  }
}

}  // namespace
}  // namespace plasa::trainer
