// Sums of an evaluation and per-layer statistics.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/value.h"
#include "common/experiment/config.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

// Loss over a set of positions.
struct Bucket {
  double nll = 0;
  int64_t targets = 0;
  [[nodiscard]] double Loss() const { return targets > 0 ? nll / static_cast<double>(targets) : 0; }
};

// Sums over the windows of an evaluation, in double, in order. Add one forward pass a batch.
class EvaluationSums {
 public:
  // `token_bytes` says how much text each id stands for (empty: not known) and must outlive every Add.
  EvaluationSums(const Config& config, int64_t length, std::span<const uint32_t> token_bytes = {});

  // `forward` of `batch` in evaluation mode; only the first `rows` windows count (a last batch may be padded).
  void Add(const Forward& forward, const Batch& batch, int64_t rows);

  [[nodiscard]] int64_t targets() const { return targets_; }
  [[nodiscard]] double Loss() const;  // with the historical factor L/(L-1) under ref_loss_128_127
  [[nodiscard]] double Perplexity() const;
  [[nodiscard]] double Accuracy() const;
  [[nodiscard]] double Score() const;
  // nullopt where it is not known how much text the targets are.
  [[nodiscard]] std::optional<double> BitsPerByte() const;
  // "free", "mixed", "sparse": positions no layer, some layers, every sparse layer restricts.
  [[nodiscard]] const std::array<Bucket, 3>& position_buckets() const { return buckets_; }
  // Positions by bit length: 0, 1, 2-3, 4-7, ...
  [[nodiscard]] const std::vector<Bucket>& power_buckets() const { return powers_; }
  // [layer][expert] tokens routed; mixture layers in order.
  [[nodiscard]] const std::vector<std::vector<int64_t>>& expert_load() const { return expert_load_; }
  // {"buckets":{...},"power_buckets":[...],"expert_load":[...],"dead_experts":N} for the result record.
  [[nodiscard]] Value Details() const;

 private:
  Config config_;
  int64_t length_;
  std::span<const uint32_t> token_bytes_;
  double nll_ = 0;
  int64_t targets_ = 0, correct_ = 0, bytes_ = 0;
  std::array<Bucket, 3> buckets_;
  std::vector<Bucket> powers_;
  std::vector<std::vector<int64_t>> expert_load_;
};

// The per-layer records of a pass with keep_layers or statistics: a list of objects. Fields that do not apply are
// absent. Not for doc_mask.
[[nodiscard]] Value::List LayerStatistics(const Forward& forward, const Config& config);
// The same averaged over passes of equal shape (counts are summed): records of several batches into one.
[[nodiscard]] Value::List MergeLayerStatistics(const std::vector<Value::List>& batches);

}  // namespace plasa::trainer
