// Compiled with -ffp-contract=off: initial values are the same bits on every machine.
#include "common/experiment/parameters.h"

#include <algorithm>
#include <cmath>

#include "common/base/fnv.h"
#include "common/base/philox.h"
#include "common/experiment/schedule.h"

namespace plasa {
namespace {

// Collects the specs of one configuration.
class Builder {
 public:
  explicit Builder(const Config& config) : c_(config) {}

  std::vector<ParameterSpec> Build() {
    Add("embed.weight", {c_.vocab_size, c_.d_model}, InitKind::kNormal, c_.ref_embed_init ? 1.0 : c_.init_std);
    const auto keys = LayerKeys(c_, c_.seq_len);
    for (int64_t i = 0; i < c_.n_layers; ++i) {
      const std::string block = "blocks." + std::to_string(i) + ".";
      Norm(block + "norm1.weight");
      Attention(block + "attention.", keys[i]);
      Norm(block + "norm2.weight");
      FeedForward(block + "feed_forward.", i);
    }
    Norm("norm.weight");
    if (!c_.tied_head) Matrix("lm_head.weight", c_.vocab_size, c_.d_model);
    return std::move(specs_);
  }

 private:
  void Add(std::string name, std::vector<int64_t> shape, InitKind init, double scale) {
    specs_.push_back({std::move(name), std::move(shape), init, scale});
  }

  void Matrix(const std::string& name, int64_t out, int64_t in, bool residual = false) {
    if (c_.ref_linear_init) {
      Add(name, {out, in}, InitKind::kUniform, 1.0 / std::sqrt(static_cast<double>(in)));
      return;
    }
    const double shrink = residual ? std::sqrt(2.0 * static_cast<double>(c_.n_layers)) : 1.0;
    Add(name, {out, in}, InitKind::kNormal, c_.init_std / shrink);
  }

  void Norm(const std::string& name) {
    Add(name, {c_.d_model}, InitKind::kConstant, c_.arch == Arch::kExp3 ? 1.0 : 0.0);
  }

  void Attention(const std::string& pre, int64_t k) {
    const int64_t hd = c_.head_dim();
    Matrix(pre + "qkv.weight", (c_.n_heads + 2 * c_.n_kv_heads) * hd, c_.d_model);
    Matrix(pre + "w_o.weight", c_.d_model, c_.n_heads * hd, true);
    if (!HasIndexer(c_, k, c_.seq_len)) return;
    const std::string index = pre + "indexer.";
    Matrix(index + "q_proj.weight", c_.indexer_heads * c_.indexer_dim, c_.d_model);
    Matrix(index + "k_proj.weight", c_.indexer_dim, c_.d_model);
    Matrix(index + "w_proj.weight", c_.indexer_heads, c_.d_model);
    if (c_.indexer_norm) {
      Add(index + "k_norm.weight", {c_.indexer_dim}, InitKind::kConstant, 1.0);
      Add(index + "k_norm.bias", {c_.indexer_dim}, InitKind::kConstant, 0.0);
    }
    if (c_.k_mode == KMode::kLearned) {
      const double r = static_cast<double>(k) / static_cast<double>(c_.seq_len);
      Add(pre + "k_logit", {1}, InitKind::kConstant, std::log(r / (1 - r)));
    }
  }

  void Swiglu(const std::string& pre, int64_t width) {
    Matrix(pre + "gate_proj.weight", width, c_.d_model);
    Matrix(pre + "up_proj.weight", width, c_.d_model);
    Matrix(pre + "down_proj.weight", c_.d_model, width, true);
  }

  void FeedForward(const std::string& pre, int64_t layer) {
    if (!IsMixture(c_, layer)) {
      Swiglu(pre, c_.d_ff);
      return;
    }
    Matrix(pre + "router.gate.weight", c_.n_experts, c_.d_model);
    for (int64_t e = 0; e < c_.n_experts; ++e) {
      const std::string expert = pre + "experts." + std::to_string(e) + ".";
      if (c_.arch == Arch::kExp3) {
        Matrix(expert + "linear1.weight", c_.d_ff, c_.d_model);
        Matrix(expert + "linear2.weight", c_.d_model, c_.d_ff, true);
      } else {
        Swiglu(expert, c_.moe_d_ff);
      }
    }
    if (c_.ref_shared_gate && c_.arch != Arch::kExp3) Matrix(pre + "shared_expert_gate.weight", 1, c_.d_model);
  }

  const Config& c_;
  std::vector<ParameterSpec> specs_;
};

}  // namespace

int64_t ParameterSpec::size() const {
  int64_t n = 1;
  for (const int64_t s : shape) n *= s;
  return n;
}

std::vector<ParameterSpec> ParameterSpecs(const Config& config) { return Builder(config).Build(); }

void FillInitial(const ParameterSpec& spec, uint64_t seed, float* out) {
  const auto n = static_cast<size_t>(spec.size());
  if (spec.init == InitKind::kConstant) {
    std::fill_n(out, n, static_cast<float>(spec.scale));
    return;
  }
  constexpr size_t kBlock = 4096;
  std::vector<uint32_t> words(std::min(n, kBlock));
  for (size_t first = 0; first < n; first += words.size()) {
    const size_t count = std::min(words.size(), n - first);
    Words(Stream{seed, Purpose::kInit, Fnv1a32(spec.name), 0}, first, count, words.data());
    for (size_t i = 0; i < count; ++i) {
      const double z = spec.init == InitKind::kNormal ? Normal(words[i]) : 2.0 * Uniform(words[i]) - 1.0;
      out[first + i] = static_cast<float>(spec.scale * z);
    }
  }
}

ParameterGroup GroupOf(const Config& c, std::string_view name) {
  if (name.find(".indexer.") == std::string_view::npos) return ParameterGroup::kMain;
  if (c.ref_freeze_indexer || c.selector == Selector::kFrozen || c.indexer_loss == IndexerLoss::kOff) {
    return ParameterGroup::kFrozen;
  }
  return c.indexer_loss == IndexerLoss::kBias ? ParameterGroup::kMain : ParameterGroup::kIndexer;
}

bool IsDecayed(std::string_view name) { return !name.ends_with("k_logit"); }

}  // namespace plasa
