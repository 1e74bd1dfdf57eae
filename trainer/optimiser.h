// Adam over the parameters of a model.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "common/experiment/config.h"
#include "trainer/kernels/adam_rows.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

// Learning rate of 0-based step `step` for a group with this peak.
[[nodiscard]] double LearningRate(const Config& config, int64_t step, double peak);

// What one step did.
struct StepReport {
  double norm_main = 0, norm_indexer = 0;  // gradient norms before clipping
  double lr_main = 0, lr_indexer = 0;
};

// Bias-corrected Adam or AdamW with a clip a group. Holds tensors of the model's parameters; same thread as the model.
class Adam {
 public:
  // Moments of one parameter; undefined for frozen ones.
  struct Moments {
    std::string name;
    at::Tensor m, v;
  };

  explicit Adam(const Model& model);

  // One update from `gradients` (as Gradients() returns them, consumed). A non-finite norm is left to the caller to
  // judge from the report; parameters are then already updated.
  StepReport Step(std::vector<at::Tensor> gradients);

  // Updates done so far; also the next 0-based step.
  [[nodiscard]] int64_t steps() const { return steps_; }
  // State for checkpoints: write through the tensors (copy_) and set_steps to restore.
  [[nodiscard]] const std::vector<Moments>& moments() const { return moments_; }
  void set_steps(int64_t steps) { steps_ = steps; }

 private:
  double StepGroup(ParameterGroup group, double clip, double lr, double decay,
                   const std::vector<at::Tensor>& gradients);
  [[nodiscard]] AdamRates RatesOf(double factor, double lr, double decay) const;
  void Update(size_t i, const at::Tensor& gradient, const AdamRates& rates);

  Config config_;
  std::vector<Parameter> parameters_;
  std::vector<Moments> moments_;
  int64_t steps_ = 0;
};

}  // namespace plasa::trainer
