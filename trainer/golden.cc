#include "trainer/golden.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <ostream>

#include "common/experiment/flops.h"
#include "common/experiment/schedule.h"
#include "trainer/golden_compare.h"
#include "trainer/json_value.h"
#include "trainer/metrics.h"
#include "trainer/optimiser.h"
#include "trainer/safetensors.h"

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;

const Value& At(const Value& object, const std::string& key) { return object.As<Value::Object>().at(key); }

Tolerance ToleranceOf(const Value& manifest, const std::string& precision, const std::string& what, double lr) {
  const Value& t = At(At(At(manifest, "tolerance"), precision), what);
  Tolerance out{At(t, "rtol").Number(), At(t, "atol").Number(), 0, 0};
  const auto& keys = t.As<Value::Object>();
  if (const auto it = keys.find("allowed_outliers"); it != keys.end()) {
    out.outliers = it->second.Number();
    out.outlier_limit = 6 * lr;
  }
  return out;
}

// One case at one precision.
class GoldenCase {
 public:
  GoldenCase(const Value& manifest, const TensorFile& file, const Config& config, at::ScalarType dtype)
      : manifest_(manifest), file_(file), config_(config), dtype_(dtype), model_(config, dtype, at::kCPU) {
    const std::string precision = dtype == at::kDouble ? "f64" : "f32";
    const double lr = std::max(config.lr, config.indexer_lr);
    forward_ = ToleranceOf(manifest, precision, "forward", lr);
    grad_ = ToleranceOf(manifest, precision, "grad", lr);
    after_ = ToleranceOf(manifest, precision, "after3", lr);
  }

  Comparison Run() {
    CheckFacts();
    LoadInitial();
    CheckEvaluation();
    CheckTraining();
    return std::move(c_);
  }

 private:
  const at::Tensor& Recorded(const std::string& name) const {
    const at::Tensor* t = file_.Find(name);
    if (!t) throw std::runtime_error("the tensor file lacks " + name);
    return *t;
  }

  Batch BatchOf(int64_t i) const {
    const auto pick = [&](const char* name) { return Recorded(name).select(0, i).to(at::kLong); };
    return {pick("tokens"), pick("labels"), pick("docs")};
  }

  void CheckFacts() {
    const auto keys = LayerKeys(config_, config_.seq_len);
    c_.Values("layer_k", Value::List(keys.begin(), keys.end()), At(manifest_, "layer_k"), {});
    const ParameterCount p = CountParameters(config_);
    c_.Values("params",
              Value::Object{{"total", p.total}, {"indexer", p.indexer}, {"embedding", p.embedding}, {"other", p.other}},
              At(manifest_, "params"), {});
    const Flops f = FlopsOf(config_, config_.seq_len, config_.batch_size);
    c_.Values("flops",
              Value::Object{{"qkvo", f.qkvo},
                            {"ffn", f.ffn},
                            {"attn", f.attn},
                            {"index_proj", f.index_proj},
                            {"index_score", f.index_score},
                            {"head", f.head},
                            {"forward", f.forward},
                            {"train_step", f.train_step}},
              At(manifest_, "flops"), {});
    c_.Require("valid", InvalidReasons(config_).empty() == At(manifest_, "valid").As<bool>());
  }

  // Compares the generated initial values, then takes the recorded ones.
  void LoadInitial() {
    const c10::AutoGradMode no_graph(false);
    const bool generated = At(manifest_, "edit") == Value("");
    for (const Parameter& p : model_.parameters()) {
      const at::Tensor& recorded = Recorded("init." + p.name);
      if (generated) c_.Exact("init." + p.name, p.value, recorded);
      p.value.copy_(recorded);
    }
  }

  void CheckEvaluation() {
    const Batch batch = BatchOf(0);
    const Forward plain = model_.Run(batch, {});
    c_.Tensors("eval.logits", plain.logits, Recorded("eval.logits"), forward_);
    const Forward kept = model_.Run(batch, {.keep_layers = true});
    c_.Tensors("eval.logits with layers", kept.logits, Recorded("eval.logits"), forward_);
    c_.Tensors("eval.nll", plain.nll, Recorded("eval.nll"), forward_);
    const Forward chunks = model_.Run(batch, {.keep_logits = false});
    c_.Tensors("eval.nll without logits", chunks.nll, Recorded("eval.nll"), forward_);
    c_.Exact("eval.correct without logits", chunks.correct, plain.correct);
    for (size_t i = 0; i < kept.layers.size(); ++i) CheckLayer(static_cast<int64_t>(i), kept.layers[i]);
    const Value& e = At(manifest_, "eval");
    c_.Number("eval.ce", kept.ce.item<double>(), At(e, "ce").Number(), forward_);
    c_.Number("eval.aux_sum", kept.aux.item<double>(), At(e, "aux_sum").Number(), forward_);
    c_.Number("eval.kl_sum", kept.kl.item<double>(), At(e, "kl_sum").Number(), forward_);
    c_.Number("eval.n_targets", static_cast<double>(kept.valid.sum().item<int64_t>()), At(e, "n_targets").Number(), {});
    c_.Number("eval.correct", static_cast<double>(kept.correct.logical_and(kept.valid).sum().item<int64_t>()),
              At(e, "correct").Number(), {});
    const PositionBounds b = PositionBoundsOf(config_, config_.seq_len);
    c_.Values("eval.buckets", Value::List{b.free, b.sparse}, At(e, "buckets"), {});
    if (!At(manifest_, "layers").IsNull()) {
      c_.Values("layers", LayerStatistics(kept, config_), At(manifest_, "layers"), forward_);
      c_.Values("layers by sums", LayerStatistics(model_.Run(batch, {.statistics = true}), config_),
                At(manifest_, "layers"), forward_);
    }
  }

  void CheckLayer(int64_t i, const LayerRecord& layer) {
    c_.Exact("eval.set." + std::to_string(i), layer.set, Recorded("eval.set." + std::to_string(i)));
    const at::Tensor* index = file_.Find("eval.index." + std::to_string(i));
    if (index) c_.Tensors("eval.index." + std::to_string(i), layer.index, *index, forward_);
  }

  void CheckTraining() {
    Adam adam(model_);
    for (int64_t step = 0; step < 3; ++step) {
      const Forward f =
          model_.Run(BatchOf(step), {.step = step, .train = true, .keep_layers = step == 0, .composite = true});
      if (step == 0) CheckFirstStep(f);
      auto gradients =
          Gradients(model_, model_.Run(BatchOf(step), {.step = step, .train = true, .keep_logits = false}).loss);
      if (step == 0) CheckGradients("grad.", gradients);
      if (step == 0) CheckGradients("grad with layers.", Gradients(model_, f.loss));
      CheckStep(step, f, adam.Step(std::move(gradients)));
    }
    for (const Parameter& p : model_.parameters())
      c_.Tensors("after3." + p.name, p.value.detach(), Recorded("after3." + p.name), after_);
    if (after_.outliers > 0) c_.CloseOutliers(after_);
  }

  void CheckGradients(const std::string& what, const std::vector<at::Tensor>& gradients) {
    for (size_t i = 0; i < gradients.size(); ++i) {
      const std::string& name = model_.parameters()[i].name;
      c_.Tensors(what + name, gradients[i], Recorded("grad." + name), grad_);
    }
  }

  void CheckFirstStep(const Forward& f) {
    c_.Tensors("train.logits", f.logits.detach(), Recorded("train.logits"), forward_);
    int64_t mixture = 0;
    for (const LayerRecord& layer : f.layers) {
      if (!layer.experts.defined()) continue;
      c_.Exact("train.experts", layer.experts, Recorded("train.experts." + std::to_string(mixture++)));
    }
  }

  void CheckStep(int64_t step, const Forward& f, const StepReport& report) {
    const std::string at = "train[" + std::to_string(step) + "].";
    const Value& e = At(manifest_, "train").As<Value::List>()[step];
    const auto number = [&](const char* key, double got, const Tolerance& t) {
      c_.Number(at + key, got, At(e, key).Number(), t);
    };
    // Later steps build on updated parameters.
    const Tolerance& t = step == 0 ? forward_ : after_;
    number("ce", f.ce.item<double>(), t);
    number("aux_sum", f.aux.item<double>(), t);
    number("kl_sum", f.kl.item<double>(), t);
    number("loss", f.loss.item<double>(), t);
    number("grad_norm_main", report.norm_main, step == 0 ? grad_ : after_);
    number("grad_norm_indexer", report.norm_indexer, step == 0 ? grad_ : after_);
    number("lr_main", report.lr_main, {1e-12, 0});
    number("lr_indexer", report.lr_indexer, {1e-12, 0});
  }

  const Value& manifest_;
  const TensorFile& file_;
  const Config& config_;
  at::ScalarType dtype_;
  Model model_;
  Tolerance forward_, grad_, after_;
  Comparison c_;
};

bool Report(const std::string& name, const Comparison& f64, const Comparison& f32, std::ostream& out) {
  const bool ok = f64.ok() && f32.ok();
  char figures[64];
  std::snprintf(figures, sizeof figures, "%.2e %.2e", f64.max_abs(), f64.max_rel());
  out << (ok ? "ok " : "FAIL ") << name << ' ' << figures << '\n';
  for (const std::string& failure : f64.failures()) out << "  f64 " << failure << '\n';
  for (const std::string& failure : f32.failures()) out << "  f32 " << failure << '\n';
  return ok;
}

bool Unreadable(const std::string& name, const std::string& why, std::ostream& out) {
  out << "FAIL " << name << " - -\n  " << why << '\n';
  return false;
}

}  // namespace

Result<std::vector<std::string>> GoldenManifests(const std::string& dir) {
  std::error_code error;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(dir, error)) {
    fs::path tensors = entry.path();
    if (tensors.extension() != ".json") continue;
    const auto parsed = fs::exists(tensors.replace_extension(".safetensors")) ? ReadJsonFile(entry.path().string())
                                                                              : Result<Value>(Value());
    if (parsed.ok() && (!parsed->Is<Value::Object>() || !parsed->As<Value::Object>().contains("config"))) continue;
    found.push_back(entry.path().string());
  }
  if (error) return Error{"cannot be read: " + error.message(), dir, ""};
  if (found.empty()) return Error{"holds no recorded case", dir, "a case is NAME.json with NAME.safetensors"};
  std::sort(found.begin(), found.end());
  return found;
}

bool CheckGolden(const std::string& path, std::ostream& out) {
  const std::string name = fs::path(path).stem().string();
  const auto manifest = ReadJsonFile(path);
  if (!manifest.ok()) return Unreadable(name, manifest.error().Text(), out);
  const auto file = ReadTensors(fs::path(path).replace_extension(".safetensors").string());
  if (!file.ok()) return Unreadable(name, file.error().Text(), out);
  try {
    const auto config = ResolveConfig(At(*manifest, "config"));
    if (!config.ok()) return Unreadable(name, config.error().Text(), out);
    const Comparison f64 = GoldenCase(*manifest, *file, *config, at::kDouble).Run();
    const Comparison f32 = GoldenCase(*manifest, *file, *config, at::kFloat).Run();
    return Report(name, f64, f32, out);
  } catch (const std::exception& e) {
    return Unreadable(name, e.what(), out);
  }
}

int RunGolden(const std::string& dir, std::ostream& out, std::ostream& err) {
  const auto manifests = GoldenManifests(dir);
  if (!manifests.ok()) {
    err << manifests.error().Text() << '\n';
    return 3;
  }
  bool ok = true;
  for (const std::string& manifest : *manifests) ok = CheckGolden(manifest, out) && ok;
  return ok ? 0 : 1;
}

}  // namespace plasa::trainer
