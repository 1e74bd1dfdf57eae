// Names, shapes and initial values of a model's parameters; also the order of the optimiser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/experiment/config.h"

namespace plasa {

enum class InitKind { kNormal, kUniform, kConstant };

// One parameter tensor, row-major [out, in].
struct ParameterSpec {
  std::string name;
  std::vector<int64_t> shape;
  InitKind init;
  double scale;  // standard deviation, bound or the constant

  [[nodiscard]] int64_t size() const;
};

// All parameters of the model, in order.
[[nodiscard]] std::vector<ParameterSpec> ParameterSpecs(const Config& config);

// Initial values, rounded to float; keyed by the name, so models that share a tensor share its values.
void FillInitial(const ParameterSpec& spec, uint64_t seed, float* out);

// Which optimiser group a parameter is in; frozen parameters are in none.
enum class ParameterGroup { kMain, kIndexer, kFrozen };
[[nodiscard]] ParameterGroup GroupOf(const Config& config, std::string_view name);
// Whether weight decay applies.
[[nodiscard]] bool IsDecayed(std::string_view name);

}  // namespace plasa
