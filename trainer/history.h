// What a run has measured so far; it travels inside the checkpoint so that a resumed run reports the whole of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa::trainer {

// One evaluation on held-out data, with the mean training loss of the steps before it (none before step 0).
struct CurvePoint {
  int64_t step = 0;
  std::optional<double> train_loss;
  double val_loss = 0;
  double val_accuracy = 0;
};

// Grows with the run; owned by the loop.
struct History {
  std::vector<CurvePoint> curve;
  double train_loss_sum = 0;  // since the last evaluation
  int64_t train_loss_count = 0;
  double last_train_loss = 0;   // of the last step
  std::vector<double> step_ms;  // wall time of each step

  void AddStep(double train_loss, double ms);
  // Closes the running mean of the training loss.
  void AddEvaluation(int64_t step, double val_loss, double val_accuracy);

  [[nodiscard]] bool EvaluatedAt(int64_t step) const { return !curve.empty() && curve.back().step == step; }
  // The evaluation with the least loss; nullptr before the first.
  [[nodiscard]] const CurvePoint* Best() const;
  // Median seconds of a step, the first 20 left out where there are more than 20.
  [[nodiscard]] double MedianStepSeconds() const;

  // {"steps":[...],"train_loss":[...],"val_loss":[...],"val_accuracy":[...]}.
  [[nodiscard]] Value Curves() const;
  [[nodiscard]] Value ToValue() const;
  [[nodiscard]] static Result<History> FromValue(const Value& value);
};

// The middle of `values` (mean of the two middle ones); 0 if empty.
[[nodiscard]] double Median(std::vector<double> values);

}  // namespace plasa::trainer
