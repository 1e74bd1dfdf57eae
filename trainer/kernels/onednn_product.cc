#include "trainer/kernels/onednn_product.h"

#include <stdexcept>

#ifdef PLASA_ONEDNN
#include <ATen/Parallel.h>

#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#endif

namespace plasa::trainer {

#ifdef PLASA_ONEDNN
namespace {

dnnl::engine& Cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// One size, ready to run.
class Prepared {
 public:
  explicit Prepared(const ProductSpec& spec) {
    using Type = dnnl::memory::data_type;
    const Type type = spec.bf16 ? Type::bf16 : Type::f32;
    const auto layout = [](int64_t rows, int64_t columns, Type of, bool transposed, int64_t stride) {
      return transposed ? dnnl::memory::desc({rows, columns}, of, {1, stride})
                        : dnnl::memory::desc({rows, columns}, of, {stride, 1});
    };
    const auto a = layout(spec.m, spec.k, type, spec.transpose_a, spec.lda),
               b = layout(spec.k, spec.n, type, spec.transpose_b, spec.ldb),
               c = layout(spec.m, spec.n, Type::f32, false, spec.ldc);
    dnnl::primitive_attr attributes;
    if (spec.add) {
      dnnl::post_ops sum;
      sum.append_sum();
      attributes.set_post_ops(sum);
    }
    product_ = dnnl::matmul(dnnl::matmul::primitive_desc({a, b, c}, attributes, Cpu()));
    arguments_ = {{DNNL_ARG_SRC, dnnl::memory(a, Cpu(), nullptr)},
                  {DNNL_ARG_WEIGHTS, dnnl::memory(b, Cpu(), nullptr)},
                  {DNNL_ARG_DST, dnnl::memory(c, Cpu(), nullptr)}};
  }

  void Run(dnnl::stream& stream, const void* a, const void* b, float* c) {
    arguments_[DNNL_ARG_SRC].set_data_handle(const_cast<void*>(a), stream);
    arguments_[DNNL_ARG_WEIGHTS].set_data_handle(const_cast<void*>(b), stream);
    arguments_[DNNL_ARG_DST].set_data_handle(c, stream);
    product_.execute(stream, arguments_);
    stream.wait();
  }

 private:
  dnnl::matmul product_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

struct Hash {
  size_t operator()(const ProductSpec& s) const {
    uint64_t h = (s.bf16 << 3) | (s.transpose_a << 2) | (s.transpose_b << 1) | (s.add << 0);
    for (const int64_t x : {s.m, s.n, s.k, s.lda, s.ldb, s.ldc})
      h = (h ^ static_cast<uint64_t>(x)) * 0x9E3779B97F4A7C15ull + (h >> 29);
    return h;
  }
};

constexpr size_t kMostPrepared = 512;  // batches of odd sizes must not gather primitives for ever

// How many threads a primitive uses is settled when it is made.
struct PreparedProducts {
  std::unordered_map<ProductSpec, Prepared, Hash> alone, together;
  dnnl::stream stream{Cpu()};
};

}  // namespace

bool HasOneDnn() { return true; }

bool HasBf16Products() {
  // vdpbf16ps takes two cycles and more on Intel's processors, on AMD's one.
  static const bool has = [isa = dnnl::get_effective_cpu_isa()] {
    return isa == dnnl::cpu_isa::avx512_core_amx ||
           (isa == dnnl::cpu_isa::avx512_core_bf16 && __builtin_cpu_is("intel") == 0);
  }();
  return has;
}

bool HasFloatProducts() {
  static const bool has = [isa = dnnl::get_effective_cpu_isa()] {
    return isa == dnnl::cpu_isa::avx512_core || isa == dnnl::cpu_isa::avx512_core_vnni ||
           isa == dnnl::cpu_isa::avx512_core_bf16 || isa == dnnl::cpu_isa::avx512_core_amx;
  }();
  return has;
}

void OneDnnProduct(const ProductSpec& spec, const void* a, const void* b, float* c) {
  thread_local PreparedProducts prepared;
  auto& products = at::in_parallel_region() ? prepared.alone : prepared.together;
  if (products.size() >= kMostPrepared) products.clear();
  products.try_emplace(spec, spec).first->second.Run(prepared.stream, a, b, c);
}

#else

bool HasOneDnn() { return false; }
bool HasBf16Products() { return false; }
bool HasFloatProducts() { return false; }
void OneDnnProduct(const ProductSpec&, const void*, const void*, float*) {
  throw std::logic_error("this build has no oneDNN");
}

#endif

}  // namespace plasa::trainer
