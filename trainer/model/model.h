// The language model: parameters by name, and one forward pass.
#pragma once

#include <ATen/TensorOperators.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "common/experiment/config.h"
#include "common/experiment/parameters.h"
#include "trainer/model/records.h"

namespace plasa::trainer {

struct KeyCache;

// A parameter tensor; requires grad unless frozen.
struct Parameter {
  std::string name;
  ParameterGroup group;
  at::Tensor value;
};

// One batch. Integer tensors [B, L], any integer dtype (int64 saves a copy); docs may be undefined without doc_mask.
struct Batch {
  at::Tensor tokens;
  at::Tensor labels;  // kIgnoredLabel (-100) where nothing is asked; undefined: no loss at all
  at::Tensor docs;
};

// What a forward pass is for.
struct ForwardOptions {
  int64_t step = 0;
  bool train = false;         // dropout, noise, dense warm-up; builds the graph for Backward
  bool keep_layers = false;   // fill Forward::layers with the tensors LayerStatistics needs
  bool keep_logits = true;    // fill Forward::logits; else they exist by chunks of rows only
  bool statistics = false;    // what LayerStatistics needs: sums where the CPU kernels run, else as keep_layers
  bool composite = false;     // plain ATen only: the path the CPU kernels are judged by; keep_layers implies it
  bool force_sparse = false;  // layers select their keys even where k covers the window; each must own an indexer
  KeyCache* cache = nullptr;  // of a Decoder: the batch goes on where the cache ends; not with train
};

// The PLASA transformer. One thread at a time; parameters are leaves of the autograd graph. Throws c10::Error when
// LibTorch does (out of memory, device faults) and std::runtime_error on a NaN score.
class Model {
 public:
  // Parameters on `device` with their initial values.
  Model(const Config& config, at::ScalarType dtype, at::Device device);

  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  [[nodiscard]] at::ScalarType dtype() const { return dtype_; }
  [[nodiscard]] at::Device device() const { return device_; }
  // The tensor called `name`; nullptr if there is none.
  [[nodiscard]] const at::Tensor* Find(const std::string& name) const;

  // One pass over `batch`. With options.train, `loss` can be given to Backward.
  [[nodiscard]] Forward Run(const Batch& batch, const ForwardOptions& options) const;

  // k of the layers for windows of another schedule; parameters are untouched. Precondition: layers that would become
  // sparse own an indexer.
  void UpdateSchedule(const std::string& name);

 private:
  Config config_;
  at::ScalarType dtype_;
  at::Device device_;
  std::vector<Parameter> parameters_;
  std::unordered_map<std::string, size_t> places_;  // name -> index in parameters_
};

// Gradients of `loss` by parameter, in the order of model.parameters(); zeros where nothing reaches.
[[nodiscard]] std::vector<at::Tensor> Gradients(const Model& model, const at::Tensor& loss);

// Settings of the process every program that runs a Model needs once, before other threads: flushed denormals, LibTorch
// threads, no returning of large blocks to the system between steps (mallopt).
void PrepareProcess(int threads);

}  // namespace plasa::trainer
