#include "common/sweep/distribution.h"

#include <array>

namespace plasa::sweep {
namespace {

constexpr bool kQ = true;
constexpr bool kExponents = true;

constexpr std::array<Distribution, 18> kTable = {{
    {"constant", "single_value", Shape::kConstant},
    {"categorical", "categorical", Shape::kCategorical},
    {"categorical_w_probabilities", "categorical_w_probabilities", Shape::kCategorical, false, false, true},
    {"int_uniform", "int_uniform", Shape::kIntegers},
    {"uniform", "uniform", Shape::kUniform},
    {"q_uniform", "quniform", Shape::kUniform, kQ},
    {"log_uniform", "loguniform", Shape::kLogUniform, false, kExponents},
    {"log_uniform_values", "loguniform_v2", Shape::kLogUniform},
    {"q_log_uniform", "qloguniform", Shape::kLogUniform, kQ, kExponents},
    {"q_log_uniform_values", "qloguniform_v2", Shape::kLogUniform, kQ},
    {"inv_log_uniform", "inv_loguniform", Shape::kInverseLogUniform, false, kExponents},
    {"inv_log_uniform_values", "inv_loguniform_v2", Shape::kInverseLogUniform},
    {"normal", "normal", Shape::kNormal},
    {"q_normal", "qnormal", Shape::kNormal, kQ},
    {"log_normal", "lognormal", Shape::kLogNormal},
    {"q_log_normal", "qlognormal", Shape::kLogNormal, kQ},
    {"beta", "beta", Shape::kBeta},
    {"q_beta", "qbeta", Shape::kBeta, kQ},
}};

}  // namespace

std::vector<std::string> Distribution::Fields() const {
  std::vector<std::string> fields;
  if (shape == Shape::kConstant) fields = {"value"};
  if (shape == Shape::kCategorical) fields = {"values"};
  if (weighted) fields.emplace_back("probabilities");
  if (bounded()) fields = {"min", "max"};
  if (shape == Shape::kNormal || shape == Shape::kLogNormal) fields = {"mu", "sigma"};
  if (shape == Shape::kBeta) fields = {"a", "b"};
  if (quantized) fields.emplace_back("q");
  return fields;
}

const Distribution* FindByWord(std::string_view word) {
  for (const Distribution& row : kTable) {
    if (row.word == word) return &row;
  }
  return nullptr;
}

const Distribution* FindByKind(std::string_view kind) {
  for (const Distribution& row : kTable) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

std::vector<std::string> DistributionWords() {
  std::vector<std::string> words;
  for (const Distribution& row : kTable) words.emplace_back(row.word);
  return words;
}

}  // namespace plasa::sweep
