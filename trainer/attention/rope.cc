#include "trainer/attention/rope.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <cmath>

namespace plasa::trainer {
namespace {

// Calls put(t, i, cos, sin) for every position and pair.
template <class Put>
void ForAngles(int64_t length, int64_t width, double base, Put put) {
  for (int64_t i = 0; i < width / 2; ++i) {
    const double rate = std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(width));
    for (int64_t t = 0; t < length; ++t) {
      const double angle = static_cast<double>(t) * rate;
      put(t, i, std::cos(angle), std::sin(angle));
    }
  }
}

// Columns (first(i), second(i)) hold the pair i; the sine of the first is negative because it multiplies its partner.
template <class First, class Second>
RotaryTable Table(int64_t length, int64_t width, double base, const at::TensorOptions& options, First first,
                  Second second) {
  const at::Tensor cos = at::empty({length, width}, at::kDouble);
  const at::Tensor sin = at::empty({length, width}, at::kDouble);
  auto* c = cos.data_ptr<double>();
  auto* s = sin.data_ptr<double>();
  ForAngles(length, width, base, [&](int64_t t, int64_t i, double ca, double sa) {
    c[t * width + first(i)] = c[t * width + second(i)] = ca;
    s[t * width + first(i)] = -sa;
    s[t * width + second(i)] = sa;
  });
  return {cos.to(options), sin.to(options)};
}

}  // namespace

RotaryTable InterleavedTable(int64_t length, int64_t width, double base, const at::TensorOptions& options) {
  return Table(
      length, width, base, options, [](int64_t i) { return 2 * i; }, [](int64_t i) { return 2 * i + 1; });
}

at::Tensor RotateInterleaved(const at::Tensor& x, const RotaryTable& table) {
  const at::Tensor partner = x.unflatten(-1, {x.size(-1) / 2, 2}).flip(-1).flatten(-2);
  return x * table.cos + partner * table.sin;
}

RotaryTable HalvesTable(int64_t length, int64_t width, double base, const at::TensorOptions& options) {
  if (width == 0) return {};
  return Table(
      length, width, base, options, [](int64_t i) { return i; }, [=](int64_t i) { return i + width / 2; });
}

at::Tensor RotateHalves(const at::Tensor& x, const RotaryTable& table) {
  if (!table.cos.defined()) return x;
  const int64_t width = table.cos.size(-1);
  const at::Tensor turned = x.narrow(-1, 0, width);
  const at::Tensor out = turned * table.cos + turned.roll(width / 2, -1) * table.sin;
  if (width == x.size(-1)) return out;
  return at::cat({out, x.narrow(-1, width, x.size(-1) - width)}, -1);
}

}  // namespace plasa::trainer
