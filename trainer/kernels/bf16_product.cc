#include "trainer/kernels/bf16_product.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>

#ifdef PLASA_ONEDNN
#include <oneapi/dnnl/dnnl.hpp>
#endif

namespace plasa::trainer {
namespace {

#ifdef PLASA_ONEDNN
dnnl::memory::desc Layout(const at::Tensor& x, dnnl::memory::data_type type) {
  return {{x.size(0), x.size(1)}, type, {x.stride(0), x.stride(1)}};
}

// a and b are bfloat16, out is float.
void OneDnnProduct(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out, bool add) {
  using Type = dnnl::memory::data_type;
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  thread_local dnnl::stream stream(engine);
  const auto memory = [&](const at::Tensor& x, Type type) {
    return dnnl::memory(Layout(x, type), engine, x.data_ptr());
  };
  const dnnl::memory from = memory(a, Type::bf16), with = memory(b, Type::bf16), to = memory(out, Type::f32);
  const dnnl::matmul::desc product(from.get_desc(), with.get_desc(), to.get_desc());
  dnnl::primitive_attr attributes;
  if (add) {
    dnnl::post_ops sum;
    sum.append_sum();
    attributes.set_post_ops(sum);
  }
  dnnl::matmul(dnnl::matmul::primitive_desc(product, attributes, engine))
      .execute(stream, {{DNNL_ARG_SRC, from}, {DNNL_ARG_WEIGHTS, with}, {DNNL_ARG_DST, to}});
  stream.wait();
}
#endif

}  // namespace

bool HasBf16Cpu() {
#ifdef PLASA_ONEDNN
  const auto isa = dnnl::get_effective_cpu_isa();
  return isa == dnnl::cpu_isa::avx512_core_bf16 || isa == dnnl::cpu_isa::avx512_core_amx;
#else
  return false;
#endif
}

void Bf16Product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& out, bool add) {
  if (out.numel() == 0) return;
  at::Tensor to = out;
  const at::Tensor x = a.to(at::kBFloat16), y = b.to(at::kBFloat16);
  if (!out.is_cpu()) {
    add ? to.add_(at::mm(x, y)) : to.copy_(at::mm(x, y));
    return;
  }
#ifdef PLASA_ONEDNN
  static const bool native = HasBf16Cpu();
  if (native) return OneDnnProduct(x, y, out, add);
#endif
  at::addmm_out(to, to, x.to(at::kFloat), y.to(at::kFloat), add ? 1 : 0);
}

}  // namespace plasa::trainer
