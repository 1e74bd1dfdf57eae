#include "trainer/attention/fused_index.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

#include "trainer/attention/fused_rows.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/lanes.h"
#include "trainer/kernels/rotate.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kRows = 64;  // queries of a block

HeadGroup GroupOf(int64_t batch, int64_t length, int64_t heads, int64_t width, const RotaryTable& rotary) {
  const int64_t turned = rotary.cos.defined() ? rotary.cos.size(1) : 0;
  return {batch, length, heads, width, heads * width, 0, turned > 0 ? RotaryStyle::kHalves : RotaryStyle::kNone,
          turned};
}

// The tables, nullptr where nothing turns.
template <class T>
const T* Table(const at::Tensor& table) {
  return table.defined() ? table.data_ptr<T>() : nullptr;
}

// The heads as plain arrays, with the shapes of a call.
template <class T>
struct Views {
  explicit Views(const IndexHeads& x)
      : batch(x.q.size(0)),
        heads(x.q.size(1)),
        length(x.q.size(2)),
        width(x.q.size(3)),
        q(x.q.data_ptr<T>()),
        k(x.k.data_ptr<T>()),
        w(x.w.data_ptr<T>()) {}

  [[nodiscard]] int64_t Rows(int64_t t0) const { return std::min(kRows, length - t0); }
  // Entry of query row (b, j, t) in a tensor [B,H_I,L,d_I], of key 0 in [B,L,d_I], of a weight in [B,L,H_I].
  [[nodiscard]] int64_t QueryAt(int64_t b, int64_t j, int64_t t) const {
    return ((b * heads + j) * length + t) * width;
  }
  [[nodiscard]] int64_t KeysAt(int64_t b) const { return b * length * width; }
  [[nodiscard]] int64_t WeightAt(int64_t b, int64_t t, int64_t j) const { return (b * length + t) * heads + j; }
  [[nodiscard]] int64_t ScoresAt(int64_t b, int64_t t) const { return (b * length + t) * RoomOf(length); }

  // dots [rows,n]: products of a block of queries with the keys up to the block's end.
  void Dots(int64_t b, int64_t j, int64_t t0, Matrix<T> dots) const {
    const int64_t rows = Rows(t0);
    Gemm<T>(false, true, rows, t0 + rows, width, {q + QueryAt(b, j, t0), width}, {k + KeysAt(b), width}, T(0), dots);
  }

  int64_t batch, heads, length, width;
  const T *q, *k, *w;
};

template <class T>
void Scores(const Views<T>& x, T* scores) {
  const int64_t blocks = (x.length + kRows - 1) / kRows;
  at::parallel_for(0, x.batch * blocks, 1, [&](int64_t begin, int64_t end) {
    std::vector<T> buffer(kRows * RoomOf(x.length));
    for (int64_t i = begin; i < end; ++i) {
      const int64_t b = i / blocks, t0 = i % blocks * kRows;
      const Matrix<T> dots{buffer.data(), RoomOf(t0 + x.Rows(t0))};
      for (int64_t j = 0; j < x.heads; ++j) {
        x.Dots(b, j, t0, dots);
        for (int64_t r = 0; r < x.Rows(t0); ++r) {
          T* row = scores + x.ScoresAt(b, t0 + r);
          if (j == 0) std::fill_n(row, RoomOf(t0 + r + 1), T(0));
          AddScoresRow(row, dots.data + r * dots.stride, t0 + r + 1, x.w[x.WeightAt(b, t0 + r, j)]);
        }
      }
    }
  });
}

// Gradients of the heads.
template <class T>
struct Gradients {
  T *q, *k, *w;
};

// Loss and gradients of one call.
template <class T>
class KlKernel {
 public:
  KlKernel(const Views<T>& x, const IndexKlInputs& in)
      : x_(x),
        scores_(in.scores.data_ptr<T>()),
        teacher_(in.teacher.data_ptr<T>()),
        first_row_(in.first_row),
        rows_(std::max<int64_t>(1, x.batch * (x.length - in.first_row))) {
    if (in.set.defined()) set_ = reinterpret_cast<const uint8_t*>(in.set.data_ptr<bool>());
  }

  // Fills d.q and d.w, adds to d.k (zeros on entry); returns the loss.
  T Run(const Gradients<T>& d) const {
    std::vector<double> sums(x_.batch);
    at::parallel_for(0, x_.batch, 1, [&](int64_t begin, int64_t end) {
      std::vector<T> dots(kRows * RoomOf(x_.length)), gradient(dots.size());
      for (int64_t b = begin; b < end; ++b) {
        for (int64_t t0 = 0; t0 < x_.length; t0 += kRows) {
          const int64_t room = RoomOf(t0 + x_.Rows(t0));
          sums[b] += LossRows(b, t0, {gradient.data(), room});
          for (int64_t j = 0; j < x_.heads; ++j)
            BackwardBlock(b, j, t0, {gradient.data(), room}, {dots.data(), room}, d);
        }
      }
    });
    double sum = 0;
    for (const double s : sums) sum += s;
    return static_cast<T>(sum / static_cast<double>(rows_));
  }

 private:
  double LossRows(int64_t b, int64_t t0, Matrix<T> gradient) const {
    double sum = 0;
    for (int64_t r = 0; r < x_.Rows(t0); ++r) {
      const int64_t t = t0 + r, at = x_.ScoresAt(b, t);
      T* out = gradient.data + r * gradient.stride;
      const bool counts = t >= first_row_;
      if (counts)
        sum += KlRow(scores_ + at, teacher_ + at, set_ ? set_ + at : nullptr, t + 1, T(1) / static_cast<T>(rows_), out);
      std::fill(out + (counts ? RoomOf(t + 1) : 0), out + gradient.stride, T(0));
    }
    return sum;
  }

  void BackwardBlock(int64_t b, int64_t j, int64_t t0, Matrix<const T> gradient, Matrix<T> dots,
                     const Gradients<T>& d) const {
    const int64_t rows = x_.Rows(t0), n = t0 + rows, width = x_.width;
    x_.Dots(b, j, t0, dots);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t w = x_.WeightAt(b, t0 + r, j);
      d.w[w] = ScoresBackwardRow(gradient.data + r * gradient.stride, dots.data + r * dots.stride, n, x_.w[w]);
    }
    const Matrix<const T> d_dots{dots.data, dots.stride};
    Gemm<T>(false, false, rows, width, n, d_dots, {x_.k + x_.KeysAt(b), width}, T(0),
            {d.q + x_.QueryAt(b, j, t0), width});
    Gemm<T>(true, false, n, width, rows, d_dots, {x_.q + x_.QueryAt(b, j, t0), width}, T(1),
            {d.k + x_.KeysAt(b), width});
  }

  const Views<T>& x_;
  const T *scores_, *teacher_;
  const uint8_t* set_ = nullptr;
  int64_t first_row_, rows_;
};

// Loss and the gradients of the rows.
template <class T>
T LossAndGradients(const IndexKlInputs& in, const IndexRows& d_rows) {
  const Views<T> x(in.heads);
  const at::Tensor dq = at::empty_like(in.heads.q), dk = at::zeros_like(in.heads.k);
  const T loss = KlKernel<T>(x, in).Run({dq.data_ptr<T>(), dk.data_ptr<T>(), d_rows.w.data_ptr<T>()});
  const T *cos = Table<T>(in.rotary.cos), *sin = Table<T>(in.rotary.sin);
  JoinHeads(GroupOf(x.batch, x.length, x.heads, x.width, in.rotary), dq.data_ptr<T>(), cos, sin,
            d_rows.q.data_ptr<T>());
  JoinHeads(GroupOf(x.batch, x.length, 1, x.width, in.rotary), dk.data_ptr<T>(), cos, sin, d_rows.k.data_ptr<T>());
  return loss;
}

// The gradient of a scalar is known but for one factor, so it is computed with the loss.
class KlNode : public torch::autograd::Function<KlNode> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& w, const IndexKlInputs& in) {
    const auto like = [](const at::Tensor& x) { return at::empty(x.sizes(), x.options().requires_grad(false)); };
    const IndexRows d{like(q), like(k), like(w)};
    const at::Tensor loss = at::zeros({}, d.q.options());
    AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "FusedIndexKl", [&] { loss.fill_(LossAndGradients<scalar_t>(in, d)); });
    ctx->save_for_backward({d.q, d.k, d.w});
    return loss;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    return {saved[0] * grads[0], saved[1] * grads[0], saved[2] * grads[0], {}};
  }
};

template <class T>
void FillHeads(const IndexRows& rows, const RotaryTable& rotary, const IndexHeads& out) {
  const int64_t batch = out.q.size(0), heads = out.q.size(1), length = out.q.size(2), width = out.q.size(3);
  const T *cos = Table<T>(rotary.cos), *sin = Table<T>(rotary.sin);
  SplitHeads(GroupOf(batch, length, heads, width, rotary), rows.q.data_ptr<T>(), cos, sin, out.q.data_ptr<T>());
  SplitHeads(GroupOf(batch, length, 1, width, rotary), rows.k.data_ptr<T>(), cos, sin, out.k.data_ptr<T>());
}

}  // namespace

IndexHeads FusedIndexHeads(const IndexRows& given, const RotaryTable& rotary) {
  const IndexRows rows{given.q.detach().contiguous(), given.k.detach().contiguous(), given.w.detach().contiguous()};
  const int64_t batch = rows.k.size(0), length = rows.k.size(1), width = rows.k.size(2), heads = rows.w.size(2);
  const IndexHeads out{at::empty({batch, heads, length, width}, rows.q.options()),
                       at::empty(rows.k.sizes(), rows.k.options()), rows.w};
  AT_DISPATCH_FLOATING_TYPES(rows.q.scalar_type(), "FusedIndexHeads", [&] { FillHeads<scalar_t>(rows, rotary, out); });
  return out;
}

at::Tensor FusedIndexScores(const IndexHeads& heads) {
  const int64_t length = heads.q.size(2);
  const at::Tensor scores = at::empty({heads.q.size(0), length, RoomOf(length)}, heads.q.options());
  AT_DISPATCH_FLOATING_TYPES(heads.q.scalar_type(), "FusedIndexScores",
                             [&] { Scores<scalar_t>(Views<scalar_t>(heads), scores.data_ptr<scalar_t>()); });
  return scores;
}

at::Tensor FusedIndexKl(const IndexRows& rows, const IndexKlInputs& inputs) {
  return KlNode::apply(rows.q, rows.k, rows.w, inputs);
}

}  // namespace plasa::trainer
