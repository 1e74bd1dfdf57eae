// Comparison of computed with recorded numbers.
#pragma once

#include <ATen/TensorOperators.h>

#include <string>
#include <vector>

#include "common/base/value.h"

namespace plasa::trainer {

// |x - y| <= atol + rtol |y|. In `outliers`, that share of all entries may differ by up to `outlier_limit`.
struct Tolerance {
  double rtol = 0, atol = 0;
  double outliers = 0, outlier_limit = 0;
};

// Collects the differences of one case. Not thread-safe.
class Comparison {
 public:
  // Tensors of equal shape, any type; entries are compared in double.
  void Tensors(const std::string& what, const at::Tensor& got, const at::Tensor& expected, const Tolerance& tolerance);
  // Equal shape and entries.
  void Exact(const std::string& what, const at::Tensor& got, const at::Tensor& expected);
  void Number(const std::string& what, double got, double expected, const Tolerance& tolerance);
  // Whole trees: numbers by tolerance, everything else exactly. Keys of `expected` whose value is null may be absent in
  // `got`.
  void Values(const std::string& what, const Value& got, const Value& expected, const Tolerance& tolerance);
  void Require(const std::string& what, bool ok);

  // Entries that may be outliers are judged over the whole case: call when all are in.
  void CloseOutliers(const Tolerance& tolerance);

  [[nodiscard]] bool ok() const { return failures_.empty(); }
  [[nodiscard]] double max_abs() const { return max_abs_; }
  [[nodiscard]] double max_rel() const { return max_rel_; }
  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }

 private:
  void Fail(const std::string& what, const std::string& why);
  void Note(double abs, double rel);

  double max_abs_ = 0, max_rel_ = 0;
  int64_t entries_ = 0, outliers_ = 0;
  std::vector<std::string> failures_;
};

}  // namespace plasa::trainer
