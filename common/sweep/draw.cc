#include "common/sweep/draw.h"

#include <algorithm>
#include <cmath>

#include "common/base/fnv.h"
#include "common/base/philox.h"
#include "common/sweep/normal_form.h"

namespace plasa::sweep {
namespace {

// Marsaglia and Tsang 2000; shapes below 1 by their remark in section 6.
double DrawGamma(double shape, DrawWords* words) {
  if (shape < 1) return DrawGamma(shape + 1, words) * std::pow(words->Uniform(), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = words->Normal(), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(words->Uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double DrawBeta(double a, double b, DrawWords* words) {
  const double x = DrawGamma(a, words), y = DrawGamma(b, words);
  return x + y > 0 ? x / (x + y) : 0.5;
}

double DrawBounded(const Parameter& p, double u) {
  const double low = p.Number("min"), high = p.Number("max");
  return low + u * (high - low);
}

double DrawLogarithmic(const Parameter& p, double u) {
  const bool inverse = p.distribution->shape == Shape::kInverseLogUniform;
  if (p.distribution->exponents) return std::exp((inverse ? -1 : 1) * DrawBounded(p, u));
  const double low = p.Number("min"), high = p.Number("max");
  return std::clamp(low * std::exp(u * std::log(high / low)), low, high);
}

double DrawReal(const Parameter& p, DrawWords* words) {
  switch (p.distribution->shape) {
    case Shape::kUniform:
      return DrawBounded(p, words->Uniform());
    case Shape::kLogUniform:
    case Shape::kInverseLogUniform:
      return DrawLogarithmic(p, words->Uniform());
    case Shape::kNormal:
      return p.Number("mu") + p.Number("sigma") * words->Normal();
    case Shape::kLogNormal:
      return std::exp(p.Number("mu") + p.Number("sigma") * words->Normal());
    default:
      return DrawBeta(p.Number("a"), p.Number("b"), words);
  }
}

const Value& DrawCategory(const Parameter& p, DrawWords* words) {
  const Value::List& values = p.Values();
  if (!p.distribution->weighted) return values[words->Below(values.size())];
  double left = words->Uniform();
  const Value::List& weights = p.fields.at("probabilities").As<Value::List>();
  size_t last = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double weight = weights[i].Number();
    if (weight > 0) last = i;
    if ((left -= weight) < 0) return values[i];
  }
  return values[last];
}

Value DrawWhole(const Parameter& p, DrawWords* words) {
  const int64_t low = p.fields.at("min").As<int64_t>(), high = p.fields.at("max").As<int64_t>();
  return Value(low + static_cast<int64_t>(words->Below(static_cast<uint64_t>(high - low) + 1)));
}

}  // namespace

DrawWords::DrawWords(std::string_view name, uint32_t draw) : name_(Fnv1a32(name)), draw_(draw) {}

uint64_t DrawWords::Next() {
  const auto block = Philox4x32({draw_, name_, position_++, 0}, {0x73776565u, 0x70647277u});
  return (static_cast<uint64_t>(block[0]) << 32) | block[1];
}

double DrawWords::Uniform() { return (static_cast<double>(Next() >> 11) + 0.5) * 0x1p-53; }

double DrawWords::Normal() { return NormalQuantile(Uniform()); }

uint64_t DrawWords::Below(uint64_t n) { return static_cast<uint64_t>((static_cast<__uint128_t>(Next()) * n) >> 64); }

Value Draw(std::string_view name, const Parameter& parameter, uint32_t draw) {
  DrawWords words(name, draw);
  const Shape shape = parameter.distribution->shape;
  if (shape == Shape::kConstant) return parameter.fields.at("value");
  if (shape == Shape::kCategorical) return DrawCategory(parameter, &words);
  if (shape == Shape::kIntegers) return DrawWhole(parameter, &words);
  const double value = DrawReal(parameter, &words);
  if (!parameter.distribution->quantized) return Value(value);
  const double q = parameter.Number("q");
  return NormalForm(Value(std::nearbyint(value / q) * q));
}

}  // namespace plasa::sweep
