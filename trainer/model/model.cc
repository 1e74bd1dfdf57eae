#include "trainer/model/model.h"

#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include "common/base/philox.h"
#include "common/experiment/schedule.h"
#include "trainer/attention/attention.h"
#include "trainer/attention/fused_statistics.h"
#include "trainer/attention/random_tensors.h"
#include "trainer/kernels/linear.h"
#include "trainer/model/dropped_sum.h"
#include "trainer/model/feed_forward.h"
#include "trainer/model/fused_norm.h"
#include "trainer/model/loss.h"

namespace plasa::trainer {
namespace {

at::Tensor InitialValue(const Config& config, const ParameterSpec& spec) {
  at::Tensor value = at::empty(spec.shape, at::kFloat);
  FillInitial(spec, static_cast<uint64_t>(config.seed), value.data_ptr<float>());
  if (config.ref_pad_row0 && spec.name == "embed.weight") value.select(0, 0).zero_();
  return value;
}

// Weights of one block by name.
class BlockView {
 public:
  BlockView(const Model& model, int64_t layer) : model_(model), pre_("blocks." + std::to_string(layer) + ".") {}

  at::Tensor operator()(const std::string& name) const {
    const at::Tensor* t = model_.Find(pre_ + name);
    return t ? *t : at::Tensor();
  }

  AttentionWeights Attention() const {
    const BlockView& w = *this;
    return {w("attention.qkv.weight"),
            w("attention.w_o.weight"),
            w("attention.indexer.q_proj.weight"),
            w("attention.indexer.k_proj.weight"),
            w("attention.indexer.w_proj.weight"),
            w("attention.indexer.k_norm.weight"),
            w("attention.indexer.k_norm.bias"),
            w("attention.k_logit")};
  }

  FeedForwardWeights FeedForward(int64_t experts) const {
    FeedForwardWeights out;
    out.router = (*this)("feed_forward.router.gate.weight");
    if (!out.router.defined()) {
      out.blocks.push_back(Block("feed_forward."));
      return out;
    }
    for (int64_t e = 0; e < experts; ++e)
      out.blocks.push_back(Block("feed_forward.experts." + std::to_string(e) + "."));
    return out;
  }

 private:
  BlockWeights Block(const std::string& at) const {
    const BlockView& w = *this;
    return {w(at + "linear1.weight"), w(at + "linear2.weight"), w(at + "gate_proj.weight"), w(at + "up_proj.weight"),
            w(at + "down_proj.weight")};
  }

  const Model& model_;
  std::string pre_;
};

// One forward pass.
class Pass {
 public:
  Pass(const Model& model, const Batch& batch, const ForwardOptions& options)
      : model_(model),
        c_(model.config()),
        options_(options),
        tokens_(ToIndex(batch.tokens)),
        labels_(batch.labels.defined() ? ToIndex(batch.labels) : at::Tensor()) {
    context_.config = &c_;
    context_.batch = tokens_.size(0);
    context_.length = tokens_.size(1);
    context_.step = options.step;
    context_.train = options.train;
    context_.keep_layers = options.keep_layers;
    context_.statistics = options.statistics;
    context_.force_sparse = options.force_sparse;
    context_.fused = model.device().is_cpu() && !options.keep_layers && !options.composite && !options.cache;
    context_.device = model.device();
    context_.cache = options.cache;
    const at::Tensor docs = c_.doc_mask ? batch.docs.to(model.device()) : at::Tensor();
    options.cache ? GoOn(*options.cache, docs) : BeginWindow(docs);
  }

  Forward Run() {
    at::Tensor x = Embedded();
    const auto keys = LayerKeys(c_, context_.window);
    for (int64_t i = 0; i < c_.n_layers; ++i) x = Layer(i, keys[i], x);
    const at::Tensor head = c_.tied_head ? *model_.Find("embed.weight") : *model_.Find("lm_head.weight");
    Head(Norm(x, *model_.Find("norm.weight")), head);
    forward_.length = context_.length;
    if (labels_.defined()) Total();
    return std::move(forward_);
  }

 private:
  // The batch is a window of its own.
  void BeginWindow(const at::Tensor& docs) {
    context_.window = context_.length;
    context_.docs = docs;
    const auto type = at::TensorOptions(model_.device()).dtype(model_.dtype());
    context_.rotary = InterleavedTable(context_.length, c_.head_dim(), c_.rope_base, type);
    context_.index_rotary = HalvesTable(context_.length, c_.indexer_rope_dim, c_.rope_base, type);
  }

  // The batch is the next tokens of a window whose earlier ones are cached (spec 5.4).
  void GoOn(KeyCache& cache, const at::Tensor& docs) {
    const int64_t first = cache.position, rows = context_.length;
    context_.window = cache.window;
    context_.first = first;
    if (docs.defined()) context_.docs = Extend(cache.docs, docs, 1, first, cache.window);
    context_.rotary = TableRows(cache.rotary, first, rows);
    context_.index_rotary = TableRows(cache.index_rotary, first, rows);
  }

  at::Tensor ToIndex(const at::Tensor& t) const { return t.to(model_.device(), at::kLong); }

  at::Tensor Embedded() const {
    // Its gradient has the rows of the batch's tokens only; autograd adds them to the head's, where the table is tied.
    const at::Tensor& table = *model_.Find("embed.weight");
    return at::embedding(table, tokens_, c_.ref_pad_row0 ? 0 : -1, /*scale_grad_by_freq=*/false, /*sparse=*/true);
  }

  at::Tensor Norm(const at::Tensor& x, const at::Tensor& weight) const {
    if (context_.fused) return FusedRmsNorm(x, weight, c_.norm_eps, c_.arch == Arch::kExp3 ? 0.0 : 1.0);
    const at::Tensor scale = (x * x).mean(-1, true).add(c_.norm_eps).rsqrt();
    return x * scale * (c_.arch == Arch::kExp3 ? weight : weight + 1.0);
  }

  // x + D(y)
  at::Tensor Sum(const at::Tensor& x, const at::Tensor& y, Purpose purpose, int64_t layer) const {
    if (!options_.train || c_.resid_dropout == 0) return x + y;
    const Stream stream{static_cast<uint64_t>(c_.seed), purpose, static_cast<uint32_t>(options_.step),
                        static_cast<uint32_t>(layer)};
    if (context_.fused) return DroppedSum(x, y, stream, c_.resid_dropout);
    return x + y * KeepFactors(stream, y.sizes(), c_.resid_dropout, y.options());
  }

  at::Tensor Layer(int64_t i, int64_t k, at::Tensor x) {
    const BlockView w(model_, i);
    AttentionResult attention = Attend(context_, w.Attention(), i, k, Norm(x, w("norm1.weight")));
    x = Sum(x, attention.output, Purpose::kDropResidualAttention, i);
    const FeedForwardPass pass{c_, i, options_.step, options_.train, context_.fused};
    const FeedForwardResult ff = ApplyFeedForward(pass, w.FeedForward(c_.n_experts), Norm(x, w("norm2.weight")));
    x = Sum(x, ff.output, Purpose::kDropResidualFeedForward, i);
    Record(attention, ff);
    return x;
  }

  void Record(AttentionResult& attention, const FeedForwardResult& ff) {
    if (attention.budget.defined()) budgets_.push_back(attention.budget);
    if (attention.record.kl.defined()) kls_.push_back(attention.record.kl);
    if (ff.aux.defined()) {
      aux_.push_back(ff.aux);
      forward_.expert_load.push_back(ff.load);
      if (options_.keep_layers) attention.record.experts = ff.experts.view({context_.batch, context_.length, -1});
    }
    if (attention.record.kl.defined()) attention.record.kl = attention.record.kl.detach();
    const LayerRecord* previous = forward_.layers.empty() ? nullptr : &forward_.layers.back();
    const bool by_kernels = attention.record.sums && previous && previous->sums;
    if (by_kernels && attention.record.set.defined() && previous->set.defined())
      AddOverlap(*previous, attention.record);
    forward_.layers.push_back(std::move(attention.record));
  }

  void Head(const at::Tensor& x, const at::Tensor& weight) {
    if (labels_.defined() && !options_.keep_logits && !options_.composite)
      return FillTargetsOfHead(c_, x, weight, labels_, options_.train, forward_);
    const at::Tensor logits = Linear(x, weight, c_.precision);
    if (labels_.defined()) FillTargets(c_, logits, labels_, options_.train, forward_);
    if (options_.keep_logits) forward_.logits = logits;
  }

  at::Tensor SumOf(const std::vector<at::Tensor>& parts) const {
    at::Tensor sum = at::zeros({}, at::TensorOptions(model_.device()).dtype(model_.dtype()));
    for (const at::Tensor& part : parts) sum = sum + part;
    return sum;
  }

  void Total() {
    forward_.aux = SumOf(aux_);
    forward_.kl = SumOf(kls_);
    const double aux_weight = c_.ref_aux_twice ? c_.aux_weight * c_.aux_weight : c_.aux_weight;
    forward_.loss = forward_.ce + forward_.aux * aux_weight + forward_.kl * c_.indexer_coef;
    if (budgets_.empty()) return;
    forward_.loss = forward_.loss + SumOf(budgets_) * (c_.k_budget_weight / static_cast<double>(budgets_.size()));
  }

  const Model& model_;
  const Config& c_;
  ForwardOptions options_;
  at::Tensor tokens_, labels_;
  PassContext context_;
  Forward forward_;
  std::vector<at::Tensor> aux_, kls_, budgets_;
};

}  // namespace

Model::Model(const Config& config, at::ScalarType dtype, at::Device device)
    : config_(config), dtype_(dtype), device_(device) {
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    const ParameterGroup group = GroupOf(config, spec.name);
    at::Tensor value = InitialValue(config, spec).to(device, dtype);
    value.set_requires_grad(group != ParameterGroup::kFrozen);
    places_[spec.name] = parameters_.size();
    parameters_.push_back({spec.name, group, std::move(value)});
  }
}

const at::Tensor* Model::Find(const std::string& name) const {
  const auto it = places_.find(name);
  return it == places_.end() ? nullptr : &parameters_[it->second].value;
}

Forward Model::Run(const Batch& batch, const ForwardOptions& options) const {
  const c10::AutoGradMode mode(options.train);
  return Pass(*this, batch, options).Run();
}

void Model::UpdateSchedule(const std::string& name) { config_.schedule = name; }

}  // namespace plasa::trainer
