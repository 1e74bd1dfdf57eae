// The windows a run trains and is judged on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "trainer/data/data_spec.h"
#include "trainer/data/split_audit.h"
#include "trainer/data/text_encoder.h"

namespace plasa::trainer {

// Where one window is written: equally long spans. Labels are as the model takes them: under the rule `next` the
// following token, under `shifted` the tokens themselves; kNoLabel where nothing is asked. docs: the document of each
// token.
struct WindowOut {
  std::span<int32_t> tokens;
  std::span<int32_t> labels;
  std::span<int32_t> docs;
};

// How windows are cut, split and ordered.
struct WindowOptions {
  int64_t length = 0;
  bool shifted = false;  // target rule
  uint64_t seed = 0;     // order of the training windows, and data seed of tasks
  uint64_t split_seed = 0;
  double val_fraction = 0.1;
  bool overlap_split = false;  // the historical split of reference modes
};

// What a report says about the data.
struct DataFacts {
  std::string name;                   // "kjv", "task markov", a path
  std::string digest;                 // SHA-256
  int64_t vocab = 0;                  // smallest vocabulary that holds every id
  std::string tokenizer;              // what made the ids: "bytes", the path of a tokenizer.json; empty: not known
  std::string tokenizer_sha256;       // of the tokenizer.json
  std::vector<uint32_t> token_bytes;  // by id: bytes of text it stands for; empty: not known
  int64_t targets_per_window = 0;
  uint64_t unused_tail = 0;  // training tokens in no window
  double loss_floor = -1;    // best possible loss of a task, < 0 unknown
  std::string note;          // a sentence for the user; may be empty
};

// Source of windows. Reads are deterministic; one thread at a time.
class Dataset {
 public:
  virtual ~Dataset() = default;
  [[nodiscard]] virtual const DataFacts& facts() const = 0;
  // Windows of one epoch; 0 = every sample is fresh.
  [[nodiscard]] virtual uint64_t TrainWindows() const = 0;
  [[nodiscard]] virtual uint64_t ValidationWindows() const = 0;
  // The `sample`-th training window of the run (epochs follow one another).
  virtual void ReadTrain(uint64_t sample, const WindowOut& out) = 0;
  // Training window `i` in file order, for the loss on training data in evaluation mode.
  virtual void ReadTrainInOrder(uint64_t i, const WindowOut& out) = 0;
  virtual void ReadValidation(uint64_t i, const WindowOut& out) = 0;
  // What training and validation share.
  [[nodiscard]] virtual SplitAudit AuditSplit() const = 0;
};

// Opens what `spec` names. `tokenizer` is the one the run names: text without one is read as bytes, and of the ids of a
// token file it says how much text they stand for. Fails (exit code 3) on missing, unreadable or too small data, and on
// ids the tokenizer does not have.
[[nodiscard]] Result<std::unique_ptr<Dataset>> OpenDataset(const DataSpec& spec, const WindowOptions& options,
                                                           const std::optional<TextEncoder>& tokenizer = std::nullopt);

}  // namespace plasa::trainer
