// Section 10 of the specification entry by entry, to judge Adam by.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "trainer/model/model.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {

// A copy of a model's parameters, in double on the CPU, that is updated on its own. Refers to the model.
class PlainAdam {
 public:
  explicit PlainAdam(const Model& model);

  // The update of 0-based `step` from gradients in the order of model.parameters().
  void Step(const std::vector<at::Tensor>& gradients, int64_t step);

  // Largest relative difference of a parameter or moment from those of the model and `adam`.
  [[nodiscard]] double DifferenceFrom(const Adam& adam) const;

 private:
  struct State {
    std::vector<double> p, m, v;
  };
  struct Rates {
    double factor, lr, decay, t;  // factor: of the clip; t: counts from 1
  };

  void StepGroup(ParameterGroup group, double clip, Rates rates, const std::vector<at::Tensor>& gradients);
  void StepEntries(State& state, const double* g, const Rates& rates) const;

  const Model& model_;
  std::vector<State> states_;
};

}  // namespace plasa::trainer
