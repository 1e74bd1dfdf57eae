#include "trainer/evaluation.h"

#include <algorithm>

#include "trainer/batches.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kStatisticsWindows = 8;
constexpr int64_t kStatisticsTokens = 2048;  // of one pass: a composite one keeps every layer's [rows, heads, L, L]

Batch OrderedBatch(const Model& model, Dataset& data, EvaluationSide side, int64_t first, int64_t rows) {
  return MakeBatch(rows, model.config().seq_len, model.device(), [&](int64_t row, const WindowOut& out) {
    const auto window = static_cast<uint64_t>(first + row);
    side == EvaluationSide::kValidation ? data.ReadValidation(window, out) : data.ReadTrainInOrder(window, out);
  });
}

}  // namespace

EvaluationSums Evaluate(const Model& model, Dataset& data, EvaluationSide side, int64_t windows) {
  const Config& config = model.config();
  EvaluationSums sums(config, config.seq_len, data.facts().token_bytes);
  for (int64_t first = 0; first < windows; first += config.batch_size) {
    const int64_t rows = std::min(config.batch_size, windows - first);
    const Batch batch = OrderedBatch(model, data, side, first, rows);
    ForwardOptions options;
    options.keep_logits = false;
    sums.Add(model.Run(batch, options), batch, rows);
  }
  return sums;
}

int64_t EvaluationWindows(const Config& config, const Dataset& data, bool final, bool cap_final) {
  const auto all = static_cast<int64_t>(data.ValidationWindows());
  if (final && !cap_final) return all;
  return std::clamp<int64_t>(config.eval_max_targets / data.facts().targets_per_window, 1, all);
}

Value::List EvaluateLayers(const Model& model, Dataset& data) {
  const Config& config = model.config();
  if (config.doc_mask) return {};
  const int64_t windows = std::min<int64_t>(kStatisticsWindows, static_cast<int64_t>(data.ValidationWindows()));
  const int64_t rows = std::clamp<int64_t>(kStatisticsTokens / config.seq_len, 1, windows);
  std::vector<Value::List> batches;
  for (int64_t first = 0; first + rows <= windows; first += rows) {
    ForwardOptions options;
    options.statistics = true;
    options.keep_logits = false;
    const Batch batch = OrderedBatch(model, data, EvaluationSide::kValidation, first, rows);
    batches.push_back(LayerStatistics(model.Run(batch, options), config));
  }
  return MergeLayerStatistics(batches);
}

}  // namespace plasa::trainer
