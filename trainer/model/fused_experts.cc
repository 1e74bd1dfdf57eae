#include "trainer/model/fused_experts.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <type_traits>

#include "trainer/kernels/bf16_product.h"
#include "trainer/kernels/clones.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/lanes.h"

namespace plasa::trainer {
namespace {

// a = SiLU(h) keep and slope = SiLU'(h) keep of one row; keep may be nullptr.
template <class T>
PLASA_INLINE void SiluRow(const T* h, const T* keep, int64_t n, T* a, T* slope) {
  ForParts<T>(n, [&](int64_t i, auto load, auto store) {
    const Lanes<T> x = load(h + i), s = SigmoidLanes<T>(x), k = keep ? load(keep + i) : Splat(T(1));
    store(a + i, x * s * k);
    store(slope + i, (s + x * s * (T(1) - s)) * k);
  });
}
// to = factor * from, or added; returns the sum of from * with.
template <class T>
PLASA_INLINE void AddRow(const T* from, int64_t n, T factor, T* to) {
  ForParts<T>(n, [&](int64_t i, auto load, auto store) { store(to + i, load(to + i) + factor * load(from + i)); });
}
template <class T>
PLASA_INLINE T DotRow(const T* a, const T* b, int64_t n) {
  Lanes<T> sum{};
  ForParts<T>(n, [&](int64_t i, auto load, auto) { sum += load(a + i) * load(b + i); });
  return SumOf<T>(sum);
}

#define PLASA_EXPERT_ROWS(T)                                                                                      \
  PLASA_CLONES void Silu(const T* h, const T* keep, int64_t n, T* a, T* slope) { SiluRow(h, keep, n, a, slope); } \
  PLASA_CLONES void Add(const T* from, int64_t n, T factor, T* to) { AddRow(from, n, factor, to); }               \
  PLASA_CLONES T Dot(const T* a, const T* b, int64_t n) { return DotRow(a, b, n); }                               \
  PLASA_CLONES void Multiply(T* x, const T* y, int64_t n) {                                                       \
    for (int64_t i = 0; i < n; ++i) x[i] *= y[i];                                                                 \
  }
PLASA_EXPERT_ROWS(float)
PLASA_EXPERT_ROWS(double)
#undef PLASA_EXPERT_ROWS

// Assignments (token, choice) grouped by expert, each group in order of the tokens.
struct Routing {
  Routing(const at::Tensor& top, int64_t experts)
      : choices(top.size(1)), start(experts + 1), token(top.numel()), place(top.numel()) {
    const int64_t* e = top.data_ptr<int64_t>();
    for (int64_t i = 0; i < top.numel(); ++i) ++start[e[i] + 1];
    for (int64_t k = 0; k < experts; ++k) start[k + 1] += start[k];
    std::vector<int64_t> next(start.begin(), start.end() - 1);
    for (int64_t i = 0; i < top.numel(); ++i) {
      place[i] = next[e[i]]++;
      token[place[i]] = i / choices;
    }
  }
  [[nodiscard]] int64_t Count(int64_t e) const { return start[e + 1] - start[e]; }
  [[nodiscard]] int64_t Experts() const { return static_cast<int64_t>(start.size()) - 1; }

  int64_t choices;
  std::vector<int64_t> start;  // of each expert's group
  std::vector<int64_t> token;  // of each place
  std::vector<int64_t> place;  // of each assignment token * choices + choice
};

constexpr int64_t kGrain = 64;  // rows a thread takes at least

template <class T>
Matrix<T> Rows(const at::Tensor& x, int64_t first = 0) {
  return {x.data_ptr<T>() + first * x.size(1), x.size(1)};
}
template <class T>
Matrix<const T> ConstRows(const at::Tensor& x, int64_t first = 0) {
  return {x.data_ptr<T>() + first * x.size(1), x.size(1)};
}

// The product of Gemm, rounded to bfloat16 where asked.
template <class T>
void Product(bool bf16, bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k, Matrix<const T> a,
             Matrix<const T> b, Matrix<T> c) {
  if constexpr (std::is_same_v<T, float>) {
    if (bf16) return Bf16Gemm(transpose_a, transpose_b, m, n, k, a, b, c);
  }
  Gemm<T>(transpose_a, transpose_b, m, n, k, a, b, T(0), c);
}

// Rows by place, S = T K of them: inputs [S,d], hidden layer and its slope [S,d_ff], outputs [S,d].
struct Places {
  at::Tensor in, hidden, slope, out;
};

template <class T>
void Gather(const at::Tensor& x, const Routing& routing, const at::Tensor& in) {
  const int64_t d = x.size(1);
  at::parallel_for(0, in.size(0), kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t s = begin; s < end; ++s)
      std::copy_n(x.data_ptr<T>() + routing.token[s] * d, d, in.data_ptr<T>() + s * d);
  });
}

// hidden: raw on entry.
template <class T>
void Activate(const ExpertOptions& options, const Routing& routing, int64_t e, const Places& p) {
  const int64_t width = p.hidden.size(1);
  const uint32_t threshold = DropThreshold(options.dropout);
  const auto scale = static_cast<T>(1.0 / (1.0 - options.dropout));
  at::parallel_for(routing.start[e], routing.start[e + 1], kGrain, [&](int64_t begin, int64_t end) {
    std::vector<T> keep(width);
    for (int64_t s = begin; s < end; ++s) {
      if (options.dropout > 0) {
        const auto first = static_cast<uint64_t>((routing.token[s] * routing.Experts() + e) * width);
        KeepMask(options.stream, first, keep.size(), threshold, scale, keep.data());
      }
      T* row = p.hidden.data_ptr<T>() + s * width;
      Silu(row, options.dropout > 0 ? keep.data() : nullptr, width, row, p.slope.data_ptr<T>() + s * width);
    }
  });
}

template <class T>
void Forward(const at::Tensor& x, const Routing& routing, const at::Tensor& weights, at::TensorList w,
             const ExpertOptions& options, const Places& p, const at::Tensor& y) {
  const int64_t d = x.size(1), width = p.hidden.size(1), experts = routing.Experts();
  Gather<T>(x, routing, p.in);
  for (int64_t e = 0; e < experts; ++e) {
    const int64_t at = routing.start[e], n = routing.Count(e);
    const bool bf16 = options.precision == Precision::kBf16 && IsBf16Size(n, width, d);
    Product<T>(bf16, false, true, n, width, d, ConstRows<T>(p.in, at), ConstRows<T>(w[e]), Rows<T>(p.hidden, at));
    Activate<T>(options, routing, e, p);
    Product<T>(bf16, false, true, n, d, width, ConstRows<T>(p.hidden, at), ConstRows<T>(w[experts + e]),
               Rows<T>(p.out, at));
  }
  at::parallel_for(0, x.size(0), kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * routing.choices; i < end * routing.choices; ++i) {
      Add(p.out.data_ptr<T>() + routing.place[i] * d, d, weights.data_ptr<T>()[i],
          y.data_ptr<T>() + i / routing.choices * d);
    }
  });
}

// Gradients of one call: dx [T,d], d_weights [T,K] and those of w, all filled.
struct ExpertGradients {
  at::Tensor x, weights;
  std::vector<at::Tensor> w;
};

template <class T>
void Backward(const at::Tensor& g, const Routing& routing, const at::Tensor& weights, at::TensorList w,
              Precision precision, const Places& p, const ExpertGradients& out) {
  const int64_t d = g.size(1), width = p.hidden.size(1), experts = routing.Experts(), assignments = weights.numel();
  const at::Tensor d_out = at::empty_like(p.out), d_hidden = at::empty_like(p.hidden), d_in = at::empty_like(p.in);
  at::parallel_for(0, assignments, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const T* row = g.data_ptr<T>() + i / routing.choices * d;
      T* to = d_out.data_ptr<T>() + routing.place[i] * d;
      out.weights.data_ptr<T>()[i] = Dot(row, p.out.data_ptr<T>() + routing.place[i] * d, d);
      std::fill_n(to, d, T(0));
      Add(row, d, weights.data_ptr<T>()[i], to);
    }
  });
  for (int64_t e = 0; e < experts; ++e) {
    const int64_t at = routing.start[e], n = routing.Count(e);
    const Matrix<const T> dy = ConstRows<T>(d_out, at);
    const Matrix<T> dh = Rows<T>(d_hidden, at);
    const bool bf16 = precision == Precision::kBf16 && IsBf16Size(n, width, d);
    Product<T>(bf16, true, false, d, width, n, dy, ConstRows<T>(p.hidden, at), Rows<T>(out.w[experts + e]));
    Product<T>(bf16, false, false, n, width, d, dy, ConstRows<T>(w[experts + e]), dh);
    Multiply(dh.data, p.slope.data_ptr<T>() + at * width, n * width);
    Product<T>(bf16, true, false, width, d, n, {dh.data, dh.stride}, ConstRows<T>(p.in, at), Rows<T>(out.w[e]));
    Product<T>(bf16, false, false, n, d, width, {dh.data, dh.stride}, ConstRows<T>(w[e]), Rows<T>(d_in, at));
  }
  at::parallel_for(0, g.size(0), kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * routing.choices; i < end * routing.choices; ++i) {
      Add(d_in.data_ptr<T>() + routing.place[i] * d, d, T(1), out.x.data_ptr<T>() + i / routing.choices * d);
    }
  });
}

class ExpertsNode : public torch::autograd::Function<ExpertsNode> {
 public:
  // w: all first matrices, then all second ones.
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x_in, const at::Tensor& weights_in,
                            const at::Tensor& top, const ExpertOptions& options, at::TensorList w) {
    const at::Tensor x = x_in.contiguous(), weights = weights_in.contiguous();
    const Routing routing(top, static_cast<int64_t>(w.size()) / 2);
    const auto by_place = [&](int64_t width) { return at::empty({top.numel(), width}, x.options()); };
    const Places p{by_place(x.size(1)), by_place(w[0].size(0)), by_place(w[0].size(0)), by_place(x.size(1))};
    const at::Tensor y = at::zeros_like(x);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "FusedExperts",
                               [&] { Forward<scalar_t>(x, routing, weights, w, options, p, y); });
    torch::autograd::variable_list saved = {weights, top, p.in, p.hidden, p.slope, p.out};
    saved.insert(saved.end(), w.begin(), w.end());
    ctx->save_for_backward(saved);
    ctx->saved_data["precision"] = static_cast<int64_t>(options.precision);
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = ctx->get_saved_variables();
    const at::Tensor &weights = saved[0], &top = saved[1];
    const Places p{saved[2], saved[3], saved[4], saved[5]};
    const at::TensorList w = at::TensorList(saved).slice(6);
    const at::Tensor g = grads[0].contiguous();
    const auto precision = static_cast<Precision>(ctx->saved_data["precision"].toInt());
    ExpertGradients out{at::zeros_like(g), at::empty_like(weights), {}};
    for (const at::Tensor& x : w) out.w.push_back(at::zeros_like(x));
    AT_DISPATCH_FLOATING_TYPES(g.scalar_type(), "FusedExpertsBackward", [&] {
      Backward<scalar_t>(g, Routing(top, static_cast<int64_t>(w.size()) / 2), weights, w, precision, p, out);
    });
    torch::autograd::variable_list all = {out.x, out.weights, at::Tensor(), at::Tensor()};
    all.insert(all.end(), out.w.begin(), out.w.end());
    return all;
  }
};

}  // namespace

at::Tensor FusedExperts(const at::Tensor& x, const at::Tensor& top, const at::Tensor& weights,
                        const std::vector<at::Tensor>& w1, const std::vector<at::Tensor>& w2,
                        const ExpertOptions& options) {
  std::vector<at::Tensor> w(w1);
  w.insert(w.end(), w2.begin(), w2.end());
  return ExpertsNode::apply(x, weights, top, options, at::TensorList(w));
}

}  // namespace plasa::trainer
