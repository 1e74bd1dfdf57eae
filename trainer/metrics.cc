#include "trainer/metrics.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "common/experiment/schedule.h"

namespace plasa::trainer {
namespace {

constexpr double kScorePerplexityLimit = 10000;

Value ToValue(const Bucket& bucket) { return Value::Object{{"loss", bucket.Loss()}, {"targets", bucket.targets}}; }

}  // namespace

EvaluationSums::EvaluationSums(const Config& config, int64_t length, std::span<const uint32_t> token_bytes)
    : config_(config), length_(length), token_bytes_(token_bytes) {
  powers_.resize(std::bit_width(static_cast<uint64_t>(length - 1)) + 1);
}

void EvaluationSums::Add(const Forward& forward, const Batch& batch, int64_t rows) {
  const at::Tensor nll = forward.nll.to(at::kCPU, at::kDouble).contiguous();
  const at::Tensor valid = forward.valid.to(at::kCPU).contiguous();
  const at::Tensor correct = forward.correct.to(at::kCPU).contiguous();
  const at::Tensor labels = batch.labels.to(at::kCPU, at::kLong).contiguous();
  const int64_t width = nll.size(1);
  const int64_t skipped = length_ - width;  // under `shifted` the target of column t is label t+1
  const PositionBounds bounds = PositionBoundsOf(config_, length_);
  for (int64_t b = 0; b < rows; ++b) {
    for (int64_t t = 0; t < width; ++t) {
      const int64_t i = b * width + t;
      if (!valid.data_ptr<bool>()[i]) continue;
      const double x = nll.data_ptr<double>()[i];
      nll_ += x;
      ++targets_;
      correct_ += correct.data_ptr<bool>()[i];
      if (!token_bytes_.empty()) bytes_ += token_bytes_[labels.data_ptr<int64_t>()[b * length_ + t + skipped]];
      for (Bucket* bucket : {&buckets_[t < bounds.free     ? 0
                                       : t < bounds.sparse ? 1
                                                           : 2],
                             &powers_[std::bit_width(static_cast<uint64_t>(t))]}) {
        bucket->nll += x;
        ++bucket->targets;
      }
    }
  }
  expert_load_.resize(forward.expert_load.size());
  for (size_t l = 0; l < forward.expert_load.size(); ++l) {
    const at::Tensor load = forward.expert_load[l].to(at::kCPU, at::kLong).contiguous();
    expert_load_[l].resize(load.numel());
    for (int64_t e = 0; e < load.numel(); ++e) expert_load_[l][e] += load.data_ptr<int64_t>()[e];
  }
}

double EvaluationSums::Loss() const {
  const double loss = targets_ > 0 ? nll_ / static_cast<double>(targets_) : 0;
  const auto l = static_cast<double>(length_);
  return config_.ref_loss_128_127 ? loss * l / (l - 1) : loss;
}

double EvaluationSums::Perplexity() const { return std::exp(Loss()); }

double EvaluationSums::Accuracy() const {
  return targets_ > 0 ? static_cast<double>(correct_) / static_cast<double>(targets_) : 0;
}

double EvaluationSums::Score() const { return 1.0 / std::min(Perplexity(), kScorePerplexityLimit); }

std::optional<double> EvaluationSums::BitsPerByte() const {
  if (bytes_ == 0) return std::nullopt;
  return nll_ / (M_LN2 * static_cast<double>(bytes_));
}

Value EvaluationSums::Details() const {
  Value::List powers;
  for (const Bucket& b : powers_) powers.push_back(ToValue(b));
  Value::List load;
  int64_t dead = 0;
  for (const auto& layer : expert_load_) {
    load.push_back(Value(Value::List(layer.begin(), layer.end())));
    dead += std::count(layer.begin(), layer.end(), 0);
  }
  return Value::Object{{"buckets", Value::Object{{"free", ToValue(buckets_[0])},
                                                 {"mixed", ToValue(buckets_[1])},
                                                 {"sparse", ToValue(buckets_[2])}}},
                       {"power_buckets", powers},
                       {"expert_load", load},
                       {"dead_experts", dead}};
}

}  // namespace plasa::trainer
