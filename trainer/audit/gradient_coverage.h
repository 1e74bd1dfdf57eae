// What the gradients of a run's first steps reach (spec 13.2, audit 6).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"
#include "trainer/audit/audit.h"
#include "trainer/model/model.h"

namespace plasa::trainer {

// Watches a run for 20 steps, or fewer where it has fewer: a parameter that the configuration means to train and no
// gradient reaches is not trained, whatever the loss does. Of the embeddings each row counts, of tokens that stood
// where a target was asked; parameters of experts that got no token are listed, not counted. Owned by who trains; same
// thread as the model.
class GradientCoverage {
 public:
  static constexpr int64_t kSteps = 20;

  // For a run of `steps` steps.
  GradientCoverage(const Model& model, int64_t steps);

  // Notes one step: its pass with train set, and its gradients as Gradients() returns them, before they are clipped.
  void Add(const Batch& batch, const Forward& forward, const std::vector<at::Tensor>& gradients);

  [[nodiscard]] bool IsComplete() const { return steps_ == due_; }
  // Entries of parameters to be trained, and embeddings, without a gradient so far; passes at 0.
  [[nodiscard]] AuditResult Result() const;
  // Parameters without a gradient so far, frozen ones among them.
  [[nodiscard]] std::vector<const Parameter*> Unreached() const;

  // What a checkpoint carries, so that a resumed run judges the same steps.
  [[nodiscard]] Value ToValue() const;
  // Takes it over. Fails, changing nothing, if it is not what ToValue() of the same model wrote.
  [[nodiscard]] Outcome Restore(const Value& value);

 private:
  // Notes the tokens of a step, int64 [n], and which of them its gradient of the embeddings, [V,d], reaches.
  void AddTokens(const at::Tensor& tokens, const at::Tensor& embeddings);
  // Prefixes of the names of parameters that belong to experts without a token.
  [[nodiscard]] std::vector<std::string> UnroutedExperts() const;

  // Constant.
  Config config_;
  std::vector<Parameter> parameters_;
  int64_t due_;

  int64_t steps_ = 0;
  std::vector<bool> reached_;      // by parameter
  at::Tensor seen_;                // bool [V] on the CPU: tokens that stood at a target
  at::Tensor owed_;                // those of them whose embedding has had no gradient yet
  std::vector<at::Tensor> loads_;  // int64 [E] on the CPU, a mixture layer each: tokens of each expert
};

}  // namespace plasa::trainer
