#include "trainer/model/fused_experts.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <memory>
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

// Takes the place of an entry of the hidden layer that dropout drops: SiLU and its slope are exactly 0 there.
template <class T>
constexpr T kDropped = T(-1e30);

// a = SiLU(h) scale of one row; 0 where `keep` is 0, and h is marked there. keep may be nullptr.
template <int64_t R, class T>
PLASA_INLINE void SiluRow(T* h, const T* keep, T scale, int64_t n, T* a) {
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) PLASA_LAMBDA {
    Lanes<T, R> x = load(h + i);
    if (keep) {
      x = Select(Less(Lanes<T, R>{}, load(keep + i)), x, Splat<R>(kDropped<T>));
      store(h + i, x);
    }
    store(a + i, x * SigmoidLanes(x) * scale);
  });
}
// The way back of it: x becomes x SiLU'(h) scale weight, a what it was; returns the sum of x a.
template <int64_t R, class T>
PLASA_INLINE T SiluBackwardRow(T* x, const T* h, T scale, T weight, int64_t n, T* a) {
  Lanes<T, R> sum{};
  ForParts<R, T>(n, [&](int64_t i, auto load, auto store) PLASA_LAMBDA {
    const Lanes<T, R> g = load(x + i), at = load(h + i), s = SigmoidLanes(at), then = at * s * scale;
    sum += g * then;
    store(a + i, then);
    store(x + i, g * ((s + at * s * (T(1) - s)) * scale) * weight);
  });
  return SumOf(sum);
}

template <class T>
void Silu(T* h, const T* keep, T scale, int64_t n, T* a) {
  ForThisCpu([=](auto r) PLASA_LAMBDA { SiluRow<r>(h, keep, scale, n, a); });
}
template <class T>
T SiluBackward(T* x, const T* h, T scale, T weight, int64_t n, T* a) {
  return ForThisCpu([=](auto r) PLASA_LAMBDA { return SiluBackwardRow<r>(x, h, scale, weight, n, a); });
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
    assignment.assign(static_cast<size_t>(start.back()), -1);
    for (int64_t i = 0; i < top.numel(); ++i) {
      place[i] = next[e[i]]++;
      assignment[place[i]] = i;
    }
    for (int64_t k = 0; k < experts; ++k)
      for (int64_t at = start[k]; at < start[k + 1]; at += block)
        blocks.push_back({k, at, std::min(block, start[k + 1] - at)});
    // So that threads end together.
    std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) { return a.rows > b.rows; });
  }
  [[nodiscard]] int64_t Rows() const { return start.back(); }
  [[nodiscard]] int64_t Experts() const { return static_cast<int64_t>(start.size()) - 1; }
  // Of a place, -1 = nobody's.
  [[nodiscard]] int64_t Token(int64_t at) const { return assignment[at] < 0 ? -1 : assignment[at] / choices; }

  struct Block {
    int64_t expert, first, rows;
  };
  int64_t choices;
  int64_t block;                    // most rows of one of `blocks`
  std::vector<int64_t> start;       // of each expert's group
  std::vector<int64_t> assignment;  // token * choices + choice of each place, -1 = nobody's
  std::vector<int64_t> place;       // of each assignment
  std::vector<Block> blocks;        // of rows of one expert, longest first
};

// What the way back needs of places: inputs [S,d] as factors of products, and the hidden layer before its SiLU
// [S,d_ff].
struct Places {
  at::Tensor in, h;
};

// On the way back: gradients of the outputs [T,d]; weights and their gradients [T,K]; of places the hidden layer, the
// gradients of it and of the outputs, as factors, and those of the inputs.
struct Backwards {
  const at::Tensor &g, &weights, &d_weights, &hidden, &d_out, &d_hidden, &d_in;
};

// The experts of one call. T: float or double. F: what products are made of, T or a type of precision
// bf16.
template <class T, class F>
class Experts {
 public:
  // w: all first matrices, then all second ones, as factors.
  Experts(const Routing& routing, at::TensorList w, const Places& places, double dropout)
      : routing_(routing),
        w_(w),
        p_(places),
        width_(places.h.size(1)),
        d_(places.in.size(1)),
        scale_(static_cast<T>(1.0 / (1.0 - dropout))) {}

  // y += weighted outputs
  void Forward(const at::Tensor& x, const at::Tensor& weights, const ExpertOptions& options,
               const at::Tensor& y) const {
    const at::Tensor out = at::empty({routing_.Rows(), d_}, x.options());
    ForBlocks([&](const Routing::Block& b, Room& room) { ForwardBlock(b, x.data_ptr<T>(), options, out, room); });
    at::parallel_for(0, x.size(0), kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin * routing_.choices; i < end * routing_.choices; ++i)
        AddRow(weights.data_ptr<T>()[i], At<T>(out, routing_.place[i]), d_, At<T>(y, i / routing_.choices));
    });
  }

  // Fills d_weights [T,K] and d_w, adds to d_x [T,d].
  void Backward(const at::Tensor& g, const at::Tensor& weights, const at::Tensor& d_x, const at::Tensor& d_weights,
                const std::vector<at::Tensor>& d_w) const {
    const auto like = [&](int64_t columns, at::ScalarType type) {
      return at::empty({routing_.Rows(), columns}, g.options().dtype(type));
    };
    const at::Tensor hidden = like(width_, kTensorType<F>), d_out = like(d_, kTensorType<F>),
                     d_hidden = like(width_, kTensorType<F>), d_in = like(d_, kTensorType<T>);
    const Backwards back{g, weights, d_weights, hidden, d_out, d_hidden, d_in};
    ForBlocks([&](const Routing::Block& b, Room& room) { BackwardBlock(b, back, room); });
    const int64_t experts = routing_.Experts();
    ForFreeThreads(kSplits * 2 * experts, [&](auto next) {
      for (int64_t i = next(); i >= 0; i = next()) {
        const int64_t split = i / (2 * experts), e = i % experts;
        i / experts % 2 == 0 ? WeightGradient(e, split, d_hidden, p_.in, d_w[e])
                             : WeightGradient(e, split, d_out, hidden, d_w[experts + e]);
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
  // What a thread works in: rows of a block, a row.
  struct Room {
    Room(int64_t rows, int64_t width)
        : hidden(new F[static_cast<size_t>(rows * width)]),
          sums(new T[static_cast<size_t>(kInPlace ? 0 : rows * width)]),
          keep(static_cast<size_t>(width)),
          row(static_cast<size_t>(width)) {}
    std::unique_ptr<F[]> hidden;
    std::unique_ptr<T[]> sums;
    std::vector<T> keep, row;
  };
  // Calls use(block, room) for the blocks of places.
  template <class Use>
  void ForBlocks(Use use) const {
    ForFreeThreads(static_cast<int64_t>(routing_.blocks.size()), [&](auto next) {
      Room room(routing_.block, width_);
      for (int64_t i = next(); i >= 0; i = next()) use(routing_.blocks[i], room);
    });
  }

  [[nodiscard]] const at::Tensor& W1(int64_t e) const { return w_[e]; }
  [[nodiscard]] const at::Tensor& W2(int64_t e) const { return w_[routing_.Experts() + e]; }

  // Rows of a block's tokens in `from` as factors, 0 for nobody's.
  void Gather(const Routing::Block& b, const T* from, const at::Tensor& to) const {
    for (int64_t s = b.first; s < b.first + b.rows; ++s) {
      const int64_t token = routing_.Token(s);
      token < 0 ? static_cast<void>(std::fill_n(At<F>(to, s), d_, F{}))
                : ScaleRow(T(1), from + token * d_, d_, At<F>(to, s));
    }
  }

  void ForwardBlock(const Routing::Block& b, const T* x, const ExpertOptions& options, const at::Tensor& out,
                    Room& room) const {
    T* h = At<T>(p_.h, b.first);
    Gather(b, x, p_.in);
    RowsGemm(b.rows, width_, d_, Factor(p_.in, b.first), Factor(W1(b.expert)), {h, width_});
    for (int64_t r = 0; r < b.rows; ++r) Activate(b, r, options, h + r * width_, room);
    RowsGemm(b.rows, d_, width_, Matrix<const F>{room.hidden.get(), width_}, Factor(W2(b.expert)),
             {At<T>(out, b.first), d_});
  }

  void Activate(const Routing::Block& b, int64_t r, const ExpertOptions& options, T* h, Room& room) const {
    const int64_t token = routing_.Token(b.first + r);
    const bool drops = options.dropout > 0 && token >= 0;
    if (drops) {
      const auto first = static_cast<uint64_t>((token * routing_.Experts() + b.expert) * width_);
      KeepMask(options.stream, first, room.keep.size(), DropThreshold(options.dropout), scale_, room.keep.data());
    }
    AsFactors(room.hidden.get() + r * width_, room,
              [&](T* a) { Silu(h, drops ? room.keep.data() : nullptr, scale_, width_, a); });
  }

  // Calls fill(T*) for a row that becomes `factors`.
  template <class Fill>
  void AsFactors(F* factors, Room& room, Fill fill) const {
    if constexpr (kInPlace) {
      fill(factors);
    } else {
      fill(room.row.data());
      ScaleRow(T(1), room.row.data(), width_, factors);
    }
  }

  void BackwardBlock(const Routing::Block& b, const Backwards& back, Room& room) const {
    F* factors = At<F>(back.d_hidden, b.first);
    T* d_hidden = room.sums.get();
    if constexpr (kInPlace) d_hidden = factors;
    Gather(b, back.g.data_ptr<T>(), back.d_out);
    Gemm(false, false, b.rows, width_, d_, Factor(back.d_out, b.first), Factor(W2(b.expert)), T(0), {d_hidden, width_},
         Sizes::kFew);
    for (int64_t r = 0; r < b.rows; ++r) Weigh(b.first + r, back, d_hidden + r * width_, room);
    if constexpr (!kInPlace) ScaleRow(T(1), d_hidden, b.rows * width_, factors);
    Gemm(false, false, b.rows, d_, width_, Factor(back.d_hidden, b.first), Factor(W1(b.expert)), T(0),
         {At<T>(back.d_in, b.first), d_}, Sizes::kFew);
  }

  // `row`, the gradient of a place's hidden layer if its weight was 1, says what that weight's gradient is; then it and
  // that of the output are weighed. Computes the hidden layer anew.
  void Weigh(int64_t s, const Backwards& back, T* row, Room& room) const {
    const int64_t i = routing_.assignment[s];
    F* hidden = At<F>(back.hidden, s);
    if (i < 0) return static_cast<void>(std::fill_n(hidden, width_, F{}));
    const T weight = back.weights.data_ptr<T>()[i];
    AsFactors(hidden, room, [&](T* a) {
      back.d_weights.data_ptr<T>()[i] = SiluBackward(row, At<T>(p_.h, s), scale_, weight, width_, a);
    });
    ScaleRow(weight, At<T>(back.g, i / routing_.choices), d_, At<F>(back.d_out, s));
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
  const T scale_;  // of what dropout keeps
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
      const Places p{by_place(d, kTensorType<F>), by_place(width, kTensorType<T>)};
      std::vector<at::Tensor> factors;
      for (const at::Tensor& one : w) factors.push_back(ToFactors<F>(one.contiguous()));
      Experts<T, F>(routing, factors, p, options.dropout).Forward(x, weights, options, y);
      saved.insert(saved.end(), {p.in, p.h});
      saved.insert(saved.end(), factors.begin(), factors.end());
    });
    ctx->save_for_backward(saved);
    ctx->saved_data["bf16"] = bf16;
    ctx->saved_data["dropout"] = options.dropout;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx,
                                                 const torch::autograd::variable_list& grads) {
    const PartTimer timer(Part::kExperts);
    const auto saved = ctx->get_saved_variables();
    const at::Tensor &weights = saved[0], &top = saved[1], g = grads[0].contiguous(), d_x = at::zeros_like(g),
                     d_weights = at::empty_like(weights);
    const Places p{saved[2], saved[3]};
    const at::TensorList w = at::TensorList(saved).slice(4);
    const Routing routing(top, static_cast<int64_t>(w.size()) / 2);
    std::vector<at::Tensor> d_w;
    for (const at::Tensor& one : w) d_w.push_back(at::empty(one.sizes(), g.options()));
    Dispatch(g, ctx->saved_data["bf16"].toBool(), [&](auto t, auto f) {
      Experts<decltype(t), decltype(f)>(routing, w, p, ctx->saved_data["dropout"].toDouble())
          .Backward(g, weights, d_x, d_weights, d_w);
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
