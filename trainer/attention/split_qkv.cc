#include "trainer/attention/split_qkv.h"

#include <ATen/ops/empty.h>

#include "trainer/kernels/rotate.h"

namespace plasa::trainer {
namespace {

HeadGroup Queries(const QkvLayout& x) {
  return {x.batch, x.length, x.heads, x.width, x.row, 0, RotaryStyle::kInterleaved, x.width};
}
HeadGroup Keys(const QkvLayout& x) {
  return {x.batch, x.length, x.groups, x.width, x.row, x.heads * x.width, RotaryStyle::kInterleaved, x.width};
}
HeadGroup Values(const QkvLayout& x) {
  return {x.batch, x.length, x.groups, x.width, x.row, (x.heads + x.groups) * x.width, RotaryStyle::kNone, 0};
}

}  // namespace

template <class T>
SplitQkv Split(const QkvLayout& layout, const at::Tensor& qkv, const RotaryTable& rotary) {
  const auto empty = [&](int64_t heads) {
    return at::empty({layout.batch, heads, layout.length, layout.width}, qkv.options());
  };
  const SplitQkv out{empty(layout.heads), empty(layout.groups), empty(layout.groups)};
  const T *x = qkv.data_ptr<T>(), *cos = rotary.cos.data_ptr<T>(), *sin = rotary.sin.data_ptr<T>();
  SplitHeads(Queries(layout), x, cos, sin, out.q.data_ptr<T>());
  SplitHeads(Keys(layout), x, cos, sin, out.k.data_ptr<T>());
  SplitHeads<T>(Values(layout), x, nullptr, nullptr, out.v.data_ptr<T>());
  return out;
}

template <class T>
void Join(const QkvLayout& layout, const SplitQkv& d, const RotaryTable& rotary, const at::Tensor& d_qkv) {
  const T *cos = rotary.cos.data_ptr<T>(), *sin = rotary.sin.data_ptr<T>();
  JoinHeads(Queries(layout), d.q.data_ptr<T>(), cos, sin, d_qkv.data_ptr<T>());
  JoinHeads(Keys(layout), d.k.data_ptr<T>(), cos, sin, d_qkv.data_ptr<T>());
  JoinHeads<T>(Values(layout), d.v.data_ptr<T>(), nullptr, nullptr, d_qkv.data_ptr<T>());
}

template SplitQkv Split<float>(const QkvLayout&, const at::Tensor&, const RotaryTable&);
template SplitQkv Split<double>(const QkvLayout&, const at::Tensor&, const RotaryTable&);
template void Join<float>(const QkvLayout&, const SplitQkv&, const RotaryTable&, const at::Tensor&);
template void Join<double>(const QkvLayout&, const SplitQkv&, const RotaryTable&, const at::Tensor&);

}  // namespace plasa::trainer
