#include "trainer/golden_compare.h"

#include <algorithm>
#include <cmath>

#include "common/base/number_text.h"

namespace plasa::trainer {
namespace {

constexpr double kTiny = 1e-12;  // relative differences of smaller numbers mean nothing

}  // namespace

void Comparison::Fail(const std::string& what, const std::string& why) { failures_.push_back(what + ": " + why); }

void Comparison::Note(double abs, double rel) {
  max_abs_ = std::max(max_abs_, abs);
  max_rel_ = std::max(max_rel_, rel);
}

void Comparison::Require(const std::string& what, bool ok) {
  if (!ok) Fail(what, "differs");
}

void Comparison::Number(const std::string& what, double got, double expected, const Tolerance& tolerance) {
  const double abs = std::fabs(got - expected);
  Note(abs, abs / std::max(kTiny, std::fabs(expected)));
  if (!(abs <= tolerance.atol + tolerance.rtol * std::fabs(expected))) {
    Fail(what, NumberText(got) + " instead of " + NumberText(expected));
  }
}

void Comparison::Exact(const std::string& what, const at::Tensor& got, const at::Tensor& expected) {
  if (got.sizes() != expected.sizes()) return Fail(what, "has another shape");
  const int64_t differing = got.to(at::kDouble).ne(expected.to(at::kDouble)).sum().item<int64_t>();
  if (differing > 0) Fail(what, std::to_string(differing) + " entries differ");
}

void Comparison::Tensors(const std::string& what, const at::Tensor& got, const at::Tensor& expected,
                         const Tolerance& tolerance) {
  if (got.sizes() != expected.sizes()) return Fail(what, "has another shape");
  if (got.numel() == 0) return;
  const at::Tensor y = expected.to(at::kDouble);
  const at::Tensor diff = (got.to(at::kCPU, at::kDouble) - y).abs();
  const double abs = diff.max().item<double>();
  Note(abs, abs / std::max(kTiny, y.abs().max().item<double>()));
  const int64_t bad = diff.le(y.abs() * tolerance.rtol + tolerance.atol).logical_not().sum().item<int64_t>();
  if (tolerance.outliers > 0) {
    entries_ += got.numel();
    outliers_ += bad;
    if (!(abs <= tolerance.outlier_limit)) Fail(what, "differs by up to " + NumberText(abs));
  } else if (bad > 0) {
    Fail(what, std::to_string(bad) + " entries differ by up to " + NumberText(abs));
  }
}

void Comparison::CloseOutliers(const Tolerance& tolerance) {
  if (static_cast<double>(outliers_) > tolerance.outliers * static_cast<double>(entries_)) {
    Fail("after3", std::to_string(outliers_) + " of " + std::to_string(entries_) + " entries are outliers");
  }
}

void Comparison::Values(const std::string& what, const Value& got, const Value& expected, const Tolerance& tolerance) {
  if (expected.IsNumber() && got.IsNumber()) {
    Number(what, got.Number(), expected.Number(), tolerance);
  } else if (expected.Is<Value::List>() && got.Is<Value::List>()) {
    const auto& g = got.As<Value::List>();
    const auto& e = expected.As<Value::List>();
    if (g.size() != e.size()) return Fail(what, "has another length");
    for (size_t i = 0; i < e.size(); ++i) Values(what + "[" + std::to_string(i) + "]", g[i], e[i], tolerance);
  } else if (expected.Is<Value::Object>() && got.Is<Value::Object>()) {
    const auto& g = got.As<Value::Object>();
    for (const auto& [key, value] : expected.As<Value::Object>()) {
      const auto it = g.find(key);
      if (it != g.end())
        Values(what + "." + key, it->second, value, tolerance);
      else if (!value.IsNull())
        Fail(what, "lacks " + key);
    }
  } else if (!(got == expected)) {
    Fail(what, got.CanonicalJson() + " instead of " + expected.CanonicalJson());
  }
}

}  // namespace plasa::trainer
