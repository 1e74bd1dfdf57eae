#include "trainer/data/file_dataset.h"

#include <algorithm>

#include "trainer/data/order.h"
#include "trainer/data/split.h"

namespace plasa::trainer {
namespace {

// Cuts one window of `options` that starts at `from` in `stream`.
class WindowCutter {
 public:
  explicit WindowCutter(const WindowOptions& options)
      : length_(static_cast<size_t>(options.length)),
        shifted_(options.shifted),
        ids_(length_ + 1),
        docs_(length_ + 1) {}

  void Cut(const TokenStream& stream, uint64_t from, const WindowOut& out) {
    const size_t read = shifted_ ? length_ : length_ + 1;
    stream.Read(from, std::span(ids_).first(read), std::span(docs_).first(read));
    std::copy_n(ids_.begin(), length_, out.tokens.begin());
    std::copy_n(docs_.begin(), length_, out.docs.begin());
    std::copy_n(ids_.begin() + (shifted_ ? 0 : 1), length_, out.labels.begin());
  }

 private:
  size_t length_;
  bool shifted_;
  std::vector<int32_t> ids_;
  std::vector<int32_t> docs_;
};

uint64_t WindowCount(uint64_t tokens, const WindowOptions& options) {
  const auto length = static_cast<uint64_t>(options.length);
  if (options.shifted) return tokens / length;
  return tokens > 0 ? (tokens - 1) / length : 0;
}

// The strict split: whole documents on one side, windows that never overlap.
class DocumentDataset final : public Dataset {
 public:
  DocumentDataset(std::shared_ptr<Tokens> tokens, DataFacts facts, const WindowOptions& options)
      : DocumentDataset(tokens, std::move(facts), options,
                        HeldOutDocuments(*tokens, options.split_seed, options.val_fraction)) {}

  [[nodiscard]] const DataFacts& facts() const override { return facts_; }
  [[nodiscard]] uint64_t TrainWindows() const override { return train_windows_; }
  [[nodiscard]] uint64_t ValidationWindows() const override { return validation_windows_; }
  void ReadTrain(uint64_t sample, const WindowOut& out) override { ReadTrainInOrder(order_.Window(sample), out); }
  void ReadTrainInOrder(uint64_t i, const WindowOut& out) override { cutter_.Cut(train_, i * length_, out); }
  void ReadValidation(uint64_t i, const WindowOut& out) override { cutter_.Cut(validation_, i * length_, out); }
  [[nodiscard]] SplitAudit AuditSplit() const override {
    return {SharedTokens(train_, validation_), NgramOverlap(train_, validation_)};
  }

 private:
  DocumentDataset(std::shared_ptr<Tokens> tokens, DataFacts facts, const WindowOptions& options,
                  const std::vector<bool>& held_out)
      : tokens_(std::move(tokens)),
        facts_(std::move(facts)),
        train_(*tokens_, held_out, false),
        validation_(*tokens_, held_out, true),
        length_(static_cast<uint64_t>(options.length)),
        train_windows_(WindowCount(train_.size(), options)),
        validation_windows_(WindowCount(validation_.size(), options)),
        order_(options.seed, train_windows_),
        cutter_(options) {
    facts_.unused_tail = train_.size() - train_windows_ * length_;
  }

  std::shared_ptr<Tokens> tokens_;
  DataFacts facts_;
  TokenStream train_;
  TokenStream validation_;
  uint64_t length_;
  uint64_t train_windows_;
  uint64_t validation_windows_;
  EpochOrder order_;
  WindowCutter cutter_;
};

// The historical split of reference modes: windows at stride 1, so training and validation share most of their tokens.
class OverlapDataset final : public Dataset {
 public:
  OverlapDataset(std::shared_ptr<Tokens> tokens, DataFacts facts, const WindowOptions& options)
      : tokens_(std::move(tokens)),
        facts_(std::move(facts)),
        all_(*tokens_, std::vector<bool>(tokens_->documents(), false), false),
        split_(HistoricalOverlapSplit(tokens_->size(), static_cast<uint64_t>(options.length))),
        length_(static_cast<uint64_t>(options.length)),
        order_(options.seed, split_.train.size()),
        cutter_(options) {}

  [[nodiscard]] const DataFacts& facts() const override { return facts_; }
  [[nodiscard]] uint64_t TrainWindows() const override { return split_.train.size(); }
  [[nodiscard]] uint64_t ValidationWindows() const override { return split_.validation.size(); }
  void ReadTrain(uint64_t sample, const WindowOut& out) override { ReadTrainInOrder(order_.Window(sample), out); }
  void ReadTrainInOrder(uint64_t i, const WindowOut& out) override { cutter_.Cut(all_, split_.train[i], out); }
  void ReadValidation(uint64_t i, const WindowOut& out) override { cutter_.Cut(all_, split_.validation[i], out); }
  // Every held-out target is also a target of training windows, but for those at the very ends.
  [[nodiscard]] SplitAudit AuditSplit() const override { return {split_.validation.size() * length_, 1.0}; }

 private:
  std::shared_ptr<Tokens> tokens_;
  DataFacts facts_;
  TokenStream all_;
  OverlapSplit split_;
  uint64_t length_;
  EpochOrder order_;
  WindowCutter cutter_;
};

}  // namespace

Result<std::unique_ptr<Dataset>> MakeFileDataset(Tokens tokens, DataFacts facts, const WindowOptions& options) {
  facts.digest = tokens.Digest();
  facts.targets_per_window = options.shifted ? options.length - 1 : options.length;
  const std::string name = facts.name;
  auto shared = std::make_shared<Tokens>(std::move(tokens));
  std::unique_ptr<Dataset> dataset;
  if (options.overlap_split) {
    dataset = std::make_unique<OverlapDataset>(shared, std::move(facts), options);
  } else {
    dataset = std::make_unique<DocumentDataset>(shared, std::move(facts), options);
  }
  if (dataset->TrainWindows() > 0 && dataset->ValidationWindows() > 0) return dataset;
  return Error{"too small: " + std::to_string(shared->size()) + " tokens in " + std::to_string(shared->documents()) +
                   " documents give " + std::to_string(dataset->TrainWindows()) + " training and " +
                   std::to_string(dataset->ValidationWindows()) + " validation windows of seq_len " +
                   std::to_string(options.length),
               "data: " + name, "give more text in at least two documents, or a smaller seq_len"};
}

}  // namespace plasa::trainer
