#include "trainer/model/fused_experts.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <type_traits>
#include <vector>

#include "trainer/kernels/bf16_product.h"
#include "trainer/kernels/factor_rows.h"
#include "trainer/kernels/free_threads.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/lanes.h"
#include "trainer/kernels/part_clock.h"
#include "trainer/kernels/this_cpu.h"

namespace plasa::trainer {
namespace {

// a = SiLU(h) keep and slope = SiLU'(h) keep of one row; keep may be nullptr.
template <int64_t R, class T>
PLASA_INLINE void SiluRow(const T* h, const T* keep, int64_t n, T* a, T* slope) {
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) PLASA_LAMBDA {
    const Lanes<T, R> x = load(h + i), s = SigmoidLanes(x), k = keep ? load(keep + i) : Splat<R>(T(1));
    store(a + i, x * s * k);
    store(slope + i, (s + x * s * (T(1) - s)) * k);
  });
}
template <int64_t R, class T>
PLASA_INLINE T DotRow(const T* a, const T* b, int64_t n) {
  Lanes<T, R> sum{};
  ForParts<R, T>(n, [&](int64_t i, auto load, auto) PLASA_LAMBDA { sum += load(a + i) * load(b + i); });
  return SumOf(sum);
}

template <class T>
void Silu(const T* h, const T* keep, int64_t n, T* a, T* slope) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { SiluRow<r>(h, keep, n, a, slope); });
}
template <class T>
T Dot(const T* a, const T* b, int64_t n) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return DotRow<r>(a, b, n); });
}
template <class T>
void Multiply(T* x, const T* y, int64_t n) {
  ForThisCpu([=](auto) PLASA_LAMBDA {
    for (int64_t i = 0; i < n; ++i) x[i] *= y[i];
  });
}

constexpr int64_t kBlockRows = 192;  // of one expert that a thread takes through it, at most
constexpr int64_t kDeepBlock = 512;  // rows summed at a time in the gradient of a weight
constexpr int64_t kSplits = 2;       // parts of such a gradient's rows
constexpr int64_t kGrain = 64;       // rows a thread takes at least

// Assignments (token, choice) grouped by expert, each group in order of the tokens and filled up with rows of nobody,
// as RowsGemm wants them; few sizes of products come up, too.
struct Routing {
  Routing(const at::Tensor& top, int64_t experts)
      : choices(top.size(1)),
        block(kBlockRows / RowProductsHere().align * RowProductsHere().align),
        start(static_cast<size_t>(experts + 1)),
        place(static_cast<size_t>(top.numel())) {
    const int64_t* e = top.data_ptr<int64_t>();
    for (int64_t i = 0; i < top.numel(); ++i) ++start[static_cast<size_t>(e[i] + 1)];
    const int64_t align = RowProductsHere().align;
    for (size_t k = 1; k < start.size(); ++k) start[k] = start[k - 1] + (start[k] + align - 1) / align * align;
    std::vector<int64_t> next(start.begin(), start.end() - 1);
    token.assign(static_cast<size_t>(start.back()), -1);
    for (int64_t i = 0; i < top.numel(); ++i) {
      place[i] = next[e[i]]++;
      token[place[i]] = i / choices;
    }
    for (int64_t k = 0; k < experts; ++k)
      for (int64_t at = start[k]; at < start[k + 1]; at += block)
        blocks.push_back({k, at, std::min(block, start[k + 1] - at)});
    // So that threads end together.
    std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.rows > b.rows; });
  }
  [[nodiscard]] int64_t Rows() const { return start.back(); }
  [[nodiscard]] int64_t Experts() const { return static_cast<int64_t>(start.size()) - 1; }

  struct Block {
    int64_t expert, first, rows;
  };
  int64_t choices;
  int64_t block;               // most rows of one of `blocks`
  std::vector<int64_t> start;  // of each expert's group
  std::vector<int64_t> token;  // of each place, -1 = nobody's
  std::vector<int64_t> place;  // of each assignment token * choices + choice
  std::vector<Block> blocks;   // of rows of one expert, longest first
};

// Places' rows: inputs [S,d] and hidden layer [S,d_ff] as factors of products, its slope, outputs [S,d].
struct Places {
  at::Tensor in, hidden, slope, out;
};

// The experts of one call. T: float or double. F: what products are made of, T or a type of precision
// bf16.
template <class T, class F>
class Experts {
 public:
  // w: all first matrices, then all second ones, as factors.
  Experts(const Routing& routing, at::TensorList w, const Places& places)
      : routing_(routing), w_(w), p_(places), width_(places.hidden.size(1)), d_(places.in.size(1)) {}

  // y += weighted outputs
  void Forward(const at::Tensor& x, const at::Tensor& weights, const ExpertOptions& options,
               const at::Tensor& y) const {
    ForBlocks([&](const Routing::Block& b, Room& room) { ForwardBlock(b, x.data_ptr<T>(), options, room); });
    at::parallel_for(0, x.size(0), kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * routing_.choices; i < end * routing_.choices; ++i)
        AddRow(weights.data_ptr<T>()[i], At<T>(p_.out, routing_.place[i]), d_, At<T>(y, i / routing_.choices));
    });
  }

  // Fills d_weights [T,K] and d_w, adds to d_x [T,d].
  void Backward(const at::Tensor& g, const at::Tensor& weights, const at::Tensor& d_x, const at::Tensor& d_weights,
                const std::vector<at::Tensor>& d_w) const {
    const auto like = [&](int64_t columns, at::ScalarType type) {
      return at::empty({routing_.Rows(), columns}, g.options().dtype(type));
    };
    const at::Tensor d_out = like(d_, kTensorType<F>), d_hidden = like(width_, kTensorType<F>),
                     d_in = like(d_, kTensorType<T>);
    Scatter(g, weights, d_weights, d_out);
    ForBlocks([&](const Routing::Block& b, Room& room) { BackwardBlock(b, d_out, d_hidden, d_in, room); });
    const int64_t experts = routing_.Experts();
    ForFreeThreads(kSplits * 2 * experts, [&](auto next) {
      for (int64_t i = next(); i >= 0; i = next()) {
        const int64_t split = i / (2 * experts), e = i % experts;
        i / experts % 2 == 0 ? WeightGradient(e, split, d_hidden, p_.in, d_w[e])
                             : WeightGradient(e, split, d_out, p_.hidden, d_w[experts + e]);
      }
    });
    at::parallel_for(0, g.size(0), kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * routing_.choices; i < end * routing_.choices; ++i)
        AddRow(T(1), At<T>(d_in, routing_.place[i]), d_, At<T>(d_x, i / routing_.choices));
    });
  }

 private:
  static constexpr bool kInPlace = std::is_same_v<T, F>;

  template <class E>
  static E* At(const at::Tensor& x, int64_t row) {
    return Entries<E>(x) + row * x.size(1);
  }
  static Matrix<const F> Factor(const at::Tensor& x, int64_t row = 0) { return {At<F>(x, row), x.size(1)}; }
  // What a thread works in.
  struct Room {
    std::vector<T> hidden, keep;
  };
  // Calls use(block, room) for the blocks of places.
  template <class Use>
  void ForBlocks(Use use) const {
    ForFreeThreads(static_cast<int64_t>(routing_.blocks.size()), [&](auto next) {
      Room room{std::vector<T>(kInPlace ? 0 : static_cast<size_t>(routing_.block * width_)),
                std::vector<T>(static_cast<size_t>(width_))};
      for (int64_t i = next(); i >= 0; i = next()) use(routing_.blocks[i], room);
    });
  }

  // Rows of a block in the type of sums: where those are of the factors' type, in `x` itself.
  static T* Rows(const at::Tensor& x, const Routing::Block& b, Room& room) {
    if constexpr (kInPlace)
      return At<T>(x, b.first);
    else
      return room.hidden.data();
  }

  [[nodiscard]] const at::Tensor& W1(int64_t e) const { return w_[e]; }
  [[nodiscard]] const at::Tensor& W2(int64_t e) const { return w_[routing_.Experts() + e]; }

  void ForwardBlock(const Routing::Block& b, const T* x, const ExpertOptions& options, Room& room) const {
    T* hidden = Rows(p_.hidden, b, room);
    for (int64_t s = b.first; s < b.first + b.rows; ++s) {
      const int64_t token = routing_.token[s];
      token < 0 ? static_cast<void>(std::fill_n(At<F>(p_.in, s), d_, F{}))
                : ScaleRow(T(1), x + token * d_, d_, At<F>(p_.in, s));
    }
    RowsGemm(b.rows, width_, d_, Factor(p_.in, b.first), Factor(W1(b.expert)), {hidden, width_});
    for (int64_t r = 0; r < b.rows; ++r) Activate(b, r, options, hidden + r * width_, room.keep);
    RowsGemm(b.rows, d_, width_, Factor(p_.hidden, b.first), Factor(W2(b.expert)), {At<T>(p_.out, b.first), d_});
  }

  void Activate(const Routing::Block& b, int64_t r, const ExpertOptions& options, T* row, std::vector<T>& keep) const {
    const int64_t s = b.first + r, token = routing_.token[s];
    const bool drops = options.dropout > 0 && token >= 0;
    if (drops) {
      const auto first = static_cast<uint64_t>((token * routing_.Experts() + b.expert) * width_);
      KeepMask(options.stream, first, keep.size(), DropThreshold(options.dropout),
               static_cast<T>(1.0 / (1.0 - options.dropout)), keep.data());
    }
    Silu(row, drops ? keep.data() : nullptr, width_, row, At<T>(p_.slope, s));
    if constexpr (!kInPlace) ScaleRow(T(1), row, width_, At<F>(p_.hidden, s));
  }

  // d_out of each place, 0 for nobody's, and d_weights.
  void Scatter(const at::Tensor& g, const at::Tensor& weights, const at::Tensor& d_weights,
               const at::Tensor& d_out) const {
    for (int64_t s = 0; s < routing_.Rows(); ++s)
      if (routing_.token[s] < 0) std::fill_n(At<F>(d_out, s), d_, F{});
    at::parallel_for(0, weights.numel(), kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* row = At<T>(g, i / routing_.choices);
        d_weights.data_ptr<T>()[i] = Dot(row, At<T>(p_.out, routing_.place[i]), d_);
        ScaleRow(weights.data_ptr<T>()[i], row, d_, At<F>(d_out, routing_.place[i]));
      }
    });
  }

  void BackwardBlock(const Routing::Block& b, const at::Tensor& d_out, const at::Tensor& d_hidden,
                     const at::Tensor& d_in, Room& room) const {
    T* hidden = Rows(d_hidden, b, room);
    Gemm(false, false, b.rows, width_, d_, Factor(d_out, b.first), Factor(W2(b.expert)), T(0), {hidden, width_},
         Sizes::kFew);
    Multiply(hidden, At<T>(p_.slope, b.first), b.rows * width_);
    if constexpr (!kInPlace) ScaleRow(T(1), hidden, b.rows * width_, At<F>(d_hidden, b.first));
    Gemm(false, false, b.rows, d_, width_, Factor(d_hidden, b.first), Factor(W1(b.expert)), T(0),
         {At<T>(d_in, b.first), d_}, Sizes::kFew);
  }

  // Rows of `out` in one of kSplits parts: those of left^T right over the expert's places.
  void WeightGradient(int64_t e, int64_t split, const at::Tensor& left, const at::Tensor& right,
                      const at::Tensor& out) const {
    const int64_t rows = out.size(0), step = (rows + kSplits - 1) / kSplits, from = std::min(split * step, rows),
                  count = std::min(step, rows - from), columns = out.size(1), end = routing_.start[e + 1];
    const Matrix<T> to{At<T>(out, from), columns};
    if (routing_.start[e] == end) return static_cast<void>(std::fill_n(to.data, count * columns, T(0)));
    for (int64_t at = routing_.start[e]; at < end; at += kDeepBlock) {
      const Matrix<const F> a = Factor(left, at);
      Gemm(true, false, count, columns, std::min(kDeepBlock, end - at), {a.data + from, a.stride}, Factor(right, at),
           at == routing_.start[e] ? T(0) : T(1), to, Sizes::kFew);
    }
  }

  const Routing& routing_;
  const at::TensorList w_;
  const Places& p_;
  const int64_t width_, d_;
};

// Calls use(T(), F()) with the types of x's products.
template <class Use>
void Dispatch(const at::Tensor& x, bool bf16, Use use) {
  if (bf16) return WithBf16Factor([&](auto f) { use(0.0F, f); });
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "FusedExperts", [&] { use(scalar_t(), scalar_t()); });
}

class ExpertsNode : public torch::autograd::Function<ExpertsNode> {
 public:
  // w: all first matrices, then all second ones.
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x_in, const at::Tensor& weights_in,
                            const at::Tensor& top, const ExpertOptions& options, at::TensorList w) {
    const PartTimer timer(Part::kExperts);
    const at::Tensor x = x_in.contiguous(), weights = weights_in.contiguous(), y = at::zeros_like(x);
    const int64_t d = x.size(1), width = w[0].size(0);
    const bool bf16 = options.precision == Precision::kBf16 && IsBf16Size(x.size(0), width, d);
    const Routing routing(top, static_cast<int64_t>(w.size()) / 2);
    torch::autograd::variable_list saved = {weights, top};
    Dispatch(x, bf16, [&](auto t, auto f) {
      using T = decltype(t);
      using F = decltype(f);
      const auto by_place = [&](int64_t columns, at::ScalarType type) {
        return at::empty({routing.Rows(), columns}, x.options().dtype(type));
      };
      const Places p{by_place(d, kTensorType<F>), by_place(width, kTensorType<F>), by_place(width, kTensorType<T>),
                     by_place(d, kTensorType<T>)};
      std::vector<at::Tensor> factors;
      for (const at::Tensor& one : w) factors.push_back(ToFactors<F>(one.contiguous()));
      Experts<T, F>(routing, factors, p).Forward(x, weights, options, y);
      saved.insert(saved.end(), {p.in, p.hidden, p.slope, p.out});
      saved.insert(saved.end(), factors.begin(), factors.end());
    });
    ctx->save_for_backward(saved);
    ctx->saved_data["bf16"] = bf16;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const PartTimer timer(Part::kExperts);
    const auto saved = ctx->get_saved_variables();
    const at::Tensor &weights = saved[0], &top = saved[1], g = grads[0].contiguous(), d_x = at::zeros_like(g),
                     d_weights = at::empty_like(weights);
    const Places p{saved[2], saved[3], saved[4], saved[5]};
    const at::TensorList w = at::TensorList(saved).slice(6);
    const Routing routing(top, static_cast<int64_t>(w.size()) / 2);
    std::vector<at::Tensor> d_w;
    for (const at::Tensor& one : w) d_w.push_back(at::empty(one.sizes(), g.options()));
    Dispatch(g, ctx->saved_data["bf16"].toBool(), [&](auto t, auto f) {
      Experts<decltype(t), decltype(f)>(routing, w, p).Backward(g, weights, d_x, d_weights, d_w);
    });
    torch::autograd::variable_list all = {d_x, d_weights, at::Tensor(), at::Tensor()};
    all.insert(all.end(), d_w.begin(), d_w.end());
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
