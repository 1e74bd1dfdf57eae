#include "trainer/audit/gradient_coverage.h"

#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <limits>

#include "common/experiment/schedule.h"

namespace plasa::trainer {
namespace {

// Where the flags are set, ascending; int64 [n].
at::Tensor Places(const at::Tensor& flags) { return flags.nonzero().squeeze(1); }

Value::List ListOf(const at::Tensor& integers) {
  const int64_t* begin = integers.data_ptr<int64_t>();
  return Value::List(begin, begin + integers.numel());
}

// The integers below `end` of a list; undefined if it is none.
at::Tensor IntegersOf(const Value& list, int64_t end) {
  if (!list.Is<Value::List>()) return {};
  const auto& values = list.As<Value::List>();
  at::Tensor out = at::zeros({static_cast<int64_t>(values.size())}, at::kLong);
  for (size_t i = 0; i < values.size(); ++i) {
    if (!values[i].Is<int64_t>() || values[i].As<int64_t>() < 0 || values[i].As<int64_t>() >= end) return {};
    out.data_ptr<int64_t>()[i] = values[i].As<int64_t>();
  }
  return out;
}

// Joined by spaces, each after one; " none" of none.
std::string Listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += " " + name;
  return out.empty() ? " none" : out;
}

// Whether the configuration, historical flags left aside, says that the parameter is trained.
bool IsOwed(const Config& c, const std::string& name) {
  if (name.find(".indexer.") == std::string::npos) return true;
  return c.selector != Selector::kFrozen && c.indexer_loss != IndexerLoss::kOff;
}

}  // namespace

GradientCoverage::GradientCoverage(const Model& model, int64_t steps)
    : config_(model.config()),
      parameters_(model.parameters()),
      due_(std::min(steps, kSteps)),
      reached_(parameters_.size()),
      seen_(at::zeros({config_.vocab_size}, at::kBool)),
      owed_(at::zeros({config_.vocab_size}, at::kBool)) {}

void GradientCoverage::Add(const Batch& batch, const Forward& forward, const std::vector<at::Tensor>& gradients) {
  ++steps_;
  for (size_t i = 0; i < reached_.size(); ++i)
    reached_[i] = reached_[i] || gradients[i].count_nonzero().item<int64_t>() > 0;
  const at::Tensor asked = batch.tokens.narrow(1, 0, forward.valid.size(1)).masked_select(forward.valid);
  AddTokens(asked.to(at::kCPU, at::kLong), gradients.front());
  loads_.resize(forward.expert_load.size(), at::zeros({config_.n_experts}, at::kLong));
  for (size_t i = 0; i < loads_.size(); ++i) loads_[i] = loads_[i] + forward.expert_load[i].to(at::kCPU);
}

void GradientCoverage::AddTokens(const at::Tensor& tokens, const at::Tensor& embeddings) {
  at::Tensor now = at::zeros_like(seen_);
  now.index_fill_(0, tokens, true);
  owed_.logical_or_(now.logical_and_(seen_.logical_not()));
  seen_.index_fill_(0, tokens, true);
  const at::Tensor rows = Places(owed_);
  owed_.index_put_({rows},
                   embeddings.index_select(0, rows.to(embeddings.device())).ne(0).any(1).logical_not().to(at::kCPU));
}

std::vector<const Parameter*> GradientCoverage::Unreached() const {
  std::vector<const Parameter*> out;
  for (size_t i = 0; i < reached_.size(); ++i) {
    if (!reached_[i]) out.push_back(&parameters_[i]);
  }
  return out;
}

std::vector<std::string> GradientCoverage::UnroutedExperts() const {
  std::vector<std::string> prefixes;
  size_t mixture = 0;
  for (int64_t layer = 0; layer < config_.n_layers; ++layer) {
    if (!IsMixture(config_, layer) || mixture == loads_.size()) continue;
    const at::Tensor& load = loads_[mixture++];
    for (int64_t e = 0; e < config_.n_experts; ++e) {
      if (load[e].item<int64_t>() > 0) continue;
      prefixes.push_back("blocks." + std::to_string(layer) + ".feed_forward.experts." + std::to_string(e) + ".");
    }
  }
  return prefixes;
}

AuditResult GradientCoverage::Result() const {
  const std::vector<std::string> experts = UnroutedExperts();
  int64_t missed = owed_.sum().item<int64_t>();
  std::vector<std::string> names, unrouted;
  for (const Parameter* p : Unreached()) {
    if (!IsOwed(config_, p->name)) continue;
    const bool idle =
        std::any_of(experts.begin(), experts.end(), [&](const auto& e) { return p->name.starts_with(e); });
    (idle ? unrouted : names).push_back(p->name);
    if (!idle) missed += p->value.numel();
  }
  const int64_t unseen = config_.vocab_size - seen_.sum().item<int64_t>();
  return NoneOf(6, "gradient coverage", missed,
                "parameters, and embeddings of tokens, without a gradient in " + std::to_string(steps_) +
                    (steps_ == 1 ? " step:" : " steps:") + Listed(names) +
                    "; unseen tokens: " + std::to_string(unseen) + "; unrouted experts:" + Listed(unrouted));
}

Value GradientCoverage::ToValue() const {
  Value::List reached, loads;
  for (size_t i = 0; i < reached_.size(); ++i) {
    if (reached_[i]) reached.emplace_back(parameters_[i].name);
  }
  for (const at::Tensor& load : loads_) loads.emplace_back(ListOf(load));
  return Value::Object{{"steps", steps_},
                       {"reached", std::move(reached)},
                       {"tokens_seen", ListOf(Places(seen_))},
                       {"tokens_owed", ListOf(Places(owed_))},
                       {"expert_load", std::move(loads)}};
}

Outcome GradientCoverage::Restore(const Value& value) {
  const Error bad{"its gradient coverage is not what a run of this model wrote", "checkpoint",
                  "resume from another checkpoint"};
  if (!value.Is<Value::Object>()) return bad;
  const auto& object = value.As<Value::Object>();
  for (const char* key : {"steps", "reached", "tokens_seen", "tokens_owed", "expert_load"})
    if (object.count(key) == 0) return bad;
  const at::Tensor seen = IntegersOf(object.at("tokens_seen"), config_.vocab_size),
                   owed = IntegersOf(object.at("tokens_owed"), config_.vocab_size);
  const Value &steps = object.at("steps"), &reached = object.at("reached"), &loads = object.at("expert_load");
  if (!steps.Is<int64_t>() || steps.As<int64_t>() < 0 || steps.As<int64_t>() > due_ || !seen.defined() ||
      !owed.defined() || !reached.Is<Value::List>() || !loads.Is<Value::List>())
    return bad;
  std::vector<at::Tensor> load_of_layers;
  for (const Value& load : loads.As<Value::List>()) {
    load_of_layers.push_back(IntegersOf(load, std::numeric_limits<int64_t>::max()));
    if (!load_of_layers.back().defined() || load_of_layers.back().numel() != config_.n_experts) return bad;
  }
  const auto& names = reached.As<Value::List>();
  for (size_t i = 0; i < reached_.size(); ++i)
    reached_[i] = std::find(names.begin(), names.end(), Value(parameters_[i].name)) != names.end();
  steps_ = steps.As<int64_t>();
  seen_.zero_().index_fill_(0, seen, true);
  owed_.zero_().index_fill_(0, owed, true);
  loads_ = std::move(load_of_layers);
  return std::nullopt;
}

}  // namespace plasa::trainer
