#include "trainer/attention/fused_attention.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "trainer/attention/fused_rows.h"
#include "trainer/attention/split_qkv.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 64;  // queries of a block

// Shapes, mask and dropout of one call; shared by both directions.
template <class T>
class Kernel {
 public:
  Kernel(const QkvLayout& layout, const FusedAttentionOptions& options)
      : heads_(layout.heads),
        groups_(layout.groups),
        group_(heads_ / groups_),
        batch_(layout.batch),
        length_(layout.length),
        width_(layout.width),
        options_(options),
        scale_(static_cast<T>(1.0 / std::sqrt(static_cast<double>(width_)))),
        threshold_(DropThreshold(options.dropout)),
        keep_scale_(static_cast<T>(1.0 / (1.0 - options.dropout))) {
    if (options.set.defined()) set_ = reinterpret_cast<const uint8_t*>(options.set.data_ptr<bool>());
  }

  // Fills output [B,L,H*hd], lse [B,H,L] and, unless nullptr, teacher [B,L,RoomOf(L)].
  void Forward(const SplitQkv& in, T* output, T* lse, T* teacher) const {
    const int64_t blocks = (length_ + kRows - 1) / kRows;
    at::parallel_for(0, batch_ * blocks, 1, [&](int64_t begin, int64_t end) {
      Scratch scratch(length_);
      for (int64_t i = begin; i < end; ++i) {
        for (int64_t h = 0; h < heads_; ++h)
          ForwardBlock(i / blocks, h, i % blocks * kRows, in, output, lse, teacher, scratch);
      }
    });
  }

  // Fills d.q and adds to d.k, d.v from d_out [B,L,H*hd].
  void Backward(const SplitQkv& in, const T* lse, const T* d_out, const SplitQkv& d) const {
    at::parallel_for(0, batch_ * groups_, 1, [&](int64_t begin, int64_t end) {
      Scratch scratch(length_);
      for (int64_t i = begin; i < end; ++i) {
        for (int64_t h = i % groups_ * group_; h < (i % groups_ + 1) * group_; ++h) {
          for (int64_t t0 = 0; t0 < length_; t0 += kRows) BackwardBlock(i / groups_, h, t0, in, lse, d_out, d, scratch);
        }
      }
    });
  }

 private:
  // Scores and their gradient of one block, and dropout factors of one row.
  struct Scratch {
    explicit Scratch(int64_t length) : z(kRows * RoomOf(length)), da(z.size()), keep(RoomOf(length)) {}
    std::vector<T> z, da, keep;
  };

  int64_t RowsFrom(int64_t t0) const { return std::min(kRows, length_ - t0); }
  const uint8_t* SetRow(int64_t b, int64_t t) const {
    return set_ ? set_ + (b * length_ + t) * RoomOf(length_) : nullptr;
  }
  int64_t RowOf(int64_t b, int64_t h, int64_t t) const { return (b * heads_ + h) * length_ + t; }
  Matrix<T> QueryRows(const at::Tensor& x, int64_t b, int64_t h, int64_t t0) const {
    return {x.data_ptr<T>() + RowOf(b, h, t0) * width_, width_};
  }
  Matrix<T> KeyRows(const at::Tensor& x, int64_t b, int64_t h) const {
    return {x.data_ptr<T>() + (b * groups_ + h / group_) * length_ * width_, width_};
  }
  // Rows of a head in a tensor [B,L,H*hd].
  template <class P>
  Matrix<P> JoinedRows(P* x, int64_t b, int64_t h, int64_t t0) const {
    return {x + (b * length_ + t0) * heads_ * width_ + h * width_, heads_ * width_};
  }
  static Matrix<const T> Const(Matrix<T> x) { return {x.data, x.stride}; }

  // Dropout factors of row (b, h, t), or nullptr without dropout.
  const T* KeepRow(int64_t b, int64_t h, int64_t t, std::vector<T>& keep) const {
    if (options_.dropout == 0) return nullptr;
    const auto first = static_cast<uint64_t>(RowOf(b, h, t) * length_);
    KeepMask(options_.stream, first, static_cast<size_t>(RoomOf(t + 1)), threshold_, keep_scale_, keep.data());
    return keep.data();
  }

  void ForwardBlock(int64_t b, int64_t h, int64_t t0, const SplitQkv& in, T* output, T* lse, T* teacher,
                    Scratch& scratch) const {
    const int64_t rows = RowsFrom(t0), n = t0 + rows, room = RoomOf(n);
    const Matrix<T> z{scratch.z.data(), room};
    Gemm<T>(false, true, rows, n, width_, Const(QueryRows(in.q, b, h, t0)), Const(KeyRows(in.k, b, h)), T(0), z);
    const T share = T(1) / static_cast<T>(heads_);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t t = t0 + r;
      T* row = z.data + r * room;
      T* mean = teacher ? teacher + (b * length_ + t) * RoomOf(length_) : nullptr;
      if (mean && h == 0) std::fill_n(mean, RoomOf(t + 1), T(0));
      lse[RowOf(b, h, t)] = SoftmaxRow(row, SetRow(b, t), t + 1, scale_, mean, share);
      if (const T* factors = KeepRow(b, h, t, scratch.keep)) MultiplyRow(row, factors, t + 1);
      std::fill(row + RoomOf(t + 1), row + room, T(0));
    }
    Gemm<T>(false, false, rows, width_, n, Const(z), Const(KeyRows(in.v, b, h)), T(0), JoinedRows(output, b, h, t0));
  }

  void BackwardBlock(int64_t b, int64_t h, int64_t t0, const SplitQkv& in, const T* lse, const T* d_out,
                     const SplitQkv& d, Scratch& scratch) const {
    const int64_t rows = RowsFrom(t0), n = t0 + rows, room = RoomOf(n);
    const Matrix<T> z{scratch.z.data(), room}, da{scratch.da.data(), room};
    const Matrix<const T> q = Const(QueryRows(in.q, b, h, t0)), k = Const(KeyRows(in.k, b, h)),
                          out = JoinedRows(d_out, b, h, t0);
    Gemm<T>(false, true, rows, n, width_, q, k, T(0), z);
    Gemm<T>(false, true, rows, n, width_, out, Const(KeyRows(in.v, b, h)), T(0), da);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t t = t0 + r, used = RoomOf(t + 1);
      T *z_row = z.data + r * room, *da_row = da.data + r * room;
      SoftmaxBackwardRow(z_row, da_row, SetRow(b, t), KeepRow(b, h, t, scratch.keep), t + 1, scale_,
                         lse[RowOf(b, h, t)]);
      std::fill(z_row + used, z_row + room, T(0));
      std::fill(da_row + used, da_row + room, T(0));
    }
    Gemm<T>(false, false, rows, width_, n, Const(z), k, T(0), QueryRows(d.q, b, h, t0));
    Gemm<T>(true, false, n, width_, rows, Const(z), q, T(1), KeyRows(d.k, b, h));
    Gemm<T>(true, false, n, width_, rows, Const(da), out, T(1), KeyRows(d.v, b, h));
  }

  int64_t heads_, groups_, group_, batch_, length_, width_;
  const FusedAttentionOptions& options_;
  const uint8_t* set_ = nullptr;
  T scale_;
  uint32_t threshold_;
  T keep_scale_;
};

// Autograd node; the options are kept for the way back.
class AttentionNode : public torch::autograd::Function<AttentionNode> {
 public:
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* ctx, const at::Tensor& qkv_in,
                                                const FusedAttentionOptions& options) {
    const at::Tensor qkv = qkv_in.contiguous();
    const QkvLayout layout(qkv, options.heads, options.kv_heads);
    const at::Tensor output = at::empty({layout.batch, layout.length, layout.heads * layout.width}, qkv.options());
    const at::Tensor lse = at::empty({layout.batch, layout.heads, layout.length}, qkv.options());
    const at::Tensor teacher =
        options.teacher ? at::empty({layout.batch, layout.length, RoomOf(layout.length)}, qkv.options()) : at::Tensor();
    SplitQkv split;
    AT_DISPATCH_FLOATING_TYPES(qkv.scalar_type(), "FusedAttention", [&] {
      split = Split<scalar_t>(layout, qkv, options.rotary);
      Kernel<scalar_t>(layout, options)
          .Forward(split, output.data_ptr<scalar_t>(), lse.data_ptr<scalar_t>(),
                   options.teacher ? teacher.data_ptr<scalar_t>() : nullptr);
    });
    ctx->save_for_backward({split.q, split.k, split.v, lse, options.set, options.rotary.cos, options.rotary.sin});
    ctx->saved_data["dropout"] = options.dropout;
    ctx->saved_data["seed"] = static_cast<int64_t>(options.stream.seed);
    ctx->saved_data["step"] = static_cast<int64_t>(options.stream.step);
    ctx->saved_data["layer"] = static_cast<int64_t>(options.stream.layer);
    if (!options.teacher) return {output};
    ctx->mark_non_differentiable({teacher});
    return {output, teacher};
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const SplitQkv in{saved[0], saved[1], saved[2]};
    FusedAttentionOptions options;
    options.heads = in.q.size(1);
    options.kv_heads = in.k.size(1);
    options.set = saved[4];
    options.rotary = {saved[5], saved[6]};
    options.dropout = ctx->saved_data["dropout"].toDouble();
    options.stream = {static_cast<uint64_t>(ctx->saved_data["seed"].toInt()), Purpose::kDropAttention,
                      static_cast<uint32_t>(ctx->saved_data["step"].toInt()),
                      static_cast<uint32_t>(ctx->saved_data["layer"].toInt())};
    const at::Tensor d_out = grads[0].contiguous();
    const int64_t row = (options.heads + 2 * options.kv_heads) * in.q.size(3);
    const at::Tensor d_qkv = at::empty({in.q.size(0), in.q.size(2), row}, in.q.options());
    const QkvLayout layout(d_qkv, options.heads, options.kv_heads);
    const SplitQkv d{at::empty_like(in.q), at::zeros_like(in.k), at::zeros_like(in.v)};
    AT_DISPATCH_FLOATING_TYPES(in.q.scalar_type(), "FusedAttentionBackward", [&] {
      Kernel<scalar_t>(layout, options).Backward(in, saved[3].data_ptr<scalar_t>(), d_out.data_ptr<scalar_t>(), d);
      Join<scalar_t>(layout, d, options.rotary, d_qkv);
    });
    return {d_qkv, at::Tensor()};
  }
};

}  // namespace

FusedAttentionResult FusedAttention(const at::Tensor& qkv, const FusedAttentionOptions& options) {
  const auto out = AttentionNode::apply(qkv, options);
  return {out[0], options.teacher ? out[1] : at::Tensor()};
}

}  // namespace plasa::trainer
