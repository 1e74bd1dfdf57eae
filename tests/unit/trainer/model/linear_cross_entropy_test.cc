// The head by chunks against whole logits, in double.
#include "trainer/model/linear_cross_entropy.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/nll_loss.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <utility>

#include "common/base/philox.h"
#include "trainer/kernels/bf16_product.h"
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
  for (const int64_t chunk : {int64_t{1}, 4 * kVocabulary, int64_t{0}}) {  // one row, 4 + 4 + 3 rows, all
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

// Vocabularies that fill no whole number of lanes or tiles, logits beyond what e^x takes, rows without a label, more
// rows than a tile has: against LibTorch, in double, float and bfloat16.
TEST(LinearCrossEntropy, OfAnySize) {
  for (const auto& [some, vocabulary] :
       {std::pair<int64_t, int64_t>{1, 1}, {5, 15}, {5, 16}, {5, 17}, {9, 256}, {130, 257}, {131, 1000}, {600, 300}}) {
    constexpr int64_t kWide = 64;
    const at::Tensor x = (Leaf({some, kWide}, 2).detach() * 10).set_requires_grad(true),
                     weight = (Leaf({vocabulary, kWide}, 3).detach() * 3).set_requires_grad(true);
    const at::Tensor labels = at::empty({some}, at::kLong);
    for (int64_t i = 0; i < some; ++i) labels.data_ptr<int64_t>()[i] = i % 5 == 3 ? kIgnoredLabel : i * 7 % vocabulary;
    const at::Tensor whole = Whole(at::linear(x, weight), labels, at::Reduction::Mean);
    const auto expected = torch::autograd::grad({whole}, {x, weight});
    const auto distances = [&](Precision precision) {
      const auto leaf = [&](const at::Tensor& t) {
        return t.detach().to(precision == Precision::kF64 ? at::kDouble : at::kFloat).set_requires_grad(true);
      };
      const at::Tensor a = leaf(x), b = leaf(weight), mean = LinearCrossEntropy(a, b, labels, precision).mean;
      const auto got = torch::autograd::grad({mean}, {a, b});
      double sum = Distance(mean, whole) / (1 + whole.item<double>());  // NaN if one of them is
      for (size_t i = 0; i < 2; ++i)
        sum += Distance(got[i], expected[i]) / (0.1 + expected[i].abs().max().item<double>());
      return sum;
    };
    EXPECT_LT(distances(Precision::kF64), 1e-11) << some << " x " << vocabulary;
    EXPECT_LT(distances(Precision::kF32), 1e-4) << some << " x " << vocabulary;
    if (IsBf16Size(some, vocabulary, kWide)) {
      EXPECT_LT(distances(Precision::kBf16), 0.1) << some << " x " << vocabulary;
    }
  }
}

// So many words that they are summed tile after tile: logits among which a shift stays large enough, and others that
// grow from tile to tile in some rows and fall in others, by more than e^x takes in float.
TEST(LinearCrossEntropy, OfManyWordsWhateverTheirLogits) {
  constexpr int64_t kSome = 20, kMany = 9000;
  const at::Tensor labels = at::arange(kSome, at::kLong) * 437;
  for (const double size : {0.1, 200.0, 4000.0}) {
    const at::Tensor x = (Leaf({kSome, kWidth}, 2).detach() * size).set_requires_grad(true),
                     weight = (Leaf({kMany, kWidth}, 3).detach().abs() * at::arange(1, kMany + 1).unsqueeze(1) / kMany)
                                  .set_requires_grad(true);
    const at::Tensor whole = Whole(at::linear(x, weight), labels, at::Reduction::Mean);
    const auto expected = torch::autograd::grad({whole}, {x, weight});
    const auto distances = [&](Precision precision, at::ScalarType type) {
      const at::Tensor a = x.detach().to(type).set_requires_grad(true),
                       b = weight.detach().to(type).set_requires_grad(true),
                       mean = LinearCrossEntropy(a, b, labels, precision).mean;
      const auto got = torch::autograd::grad({mean}, {a, b});
      double sum = Distance(mean, whole) / whole.item<double>();  // NaN if one of them is
      for (size_t i = 0; i < 2; ++i) sum += Distance(got[i], expected[i]) / expected[i].abs().max().item<double>();
      return sum;
    };
    EXPECT_LT(distances(Precision::kF64, at::kDouble), 1e-11) << size;
    EXPECT_LT(distances(Precision::kF32, at::kFloat), 1e-2) << size;
  }
}

// The word with the largest logit, at a tie the first one, also where ties lie in different tiles.
TEST(LinearCrossEntropy, TheFirstOfTheBestWordsIsRight) {
  constexpr int64_t kMany = 700;
  const c10::NoGradGuard no_grad;
  const at::Tensor x = at::ones({kMany, 1}, at::kDouble), weight = at::zeros({kMany, 1}, at::kDouble);
  for (const int64_t best : {300, 310, 600}) weight.data_ptr<double>()[best] = 1;
  const LinearCrossEntropyResult got = LinearCrossEntropy(x, weight, at::arange(kMany, at::kLong), Precision::kF64);
  for (int64_t i = 0; i < kMany; ++i) EXPECT_EQ(got.correct[i].item<bool>(), i == 300) << i;
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
