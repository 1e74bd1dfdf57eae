#include "trainer/data/task_dataset.h"

#include <algorithm>

#include "common/base/sha256.h"

namespace plasa::trainer {
namespace {

std::string Identity(const TaskSpec& task, int64_t length) {
  return Value(Value::Object{{"task", TaskName(task.kind)},
                             {"vocab", task.vocab},
                             {"pairs", task.pairs},
                             {"marks", task.marks},
                             {"lag", task.lag},
                             {"depth", task.depth},
                             {"seed", task.seed},
                             {"validation", task.validation},
                             {"length", length}})
      .CanonicalJson();
}

class TaskDataset final : public Dataset {
 public:
  TaskDataset(const TaskSpec& task, DataFacts facts) : task_(task), facts_(std::move(facts)) {}

  [[nodiscard]] const DataFacts& facts() const override { return facts_; }
  [[nodiscard]] uint64_t TrainWindows() const override { return 0; }
  [[nodiscard]] uint64_t ValidationWindows() const override { return static_cast<uint64_t>(task_.validation); }
  void ReadTrain(uint64_t sample, const WindowOut& out) override { Read(0, sample, out); }
  void ReadTrainInOrder(uint64_t i, const WindowOut& out) override { Read(0, i, out); }
  void ReadValidation(uint64_t i, const WindowOut& out) override { Read(1, i, out); }
  [[nodiscard]] SplitAudit AuditSplit() const override { return {}; }  // the sides are different random streams

 private:
  void Read(uint32_t split, uint64_t index, const WindowOut& out) const {
    MakeTaskSample(task_, split, static_cast<uint32_t>(index), out.tokens, out.labels);
    std::fill(out.docs.begin(), out.docs.end(), static_cast<int32_t>(0));
  }

  TaskSpec task_;
  DataFacts facts_;
};

}  // namespace

Result<std::unique_ptr<Dataset>> MakeTaskDataset(const TaskSpec& task, std::string note, const WindowOptions& options) {
  auto resolved = ResolveTask(task, options.length, options.seed);
  if (!resolved) return resolved.error();
  if (options.shifted || options.overlap_split) {
    return Error{"a synthetic task needs target_rule next and no ref_overlap_split", "data.task",
                 "take a corpus, or change these keys"};
  }
  DataFacts facts;
  facts.name = std::string("task ") + TaskName(resolved->kind);
  facts.digest = Sha256Hex(Identity(*resolved, options.length));
  facts.vocab = resolved->vocab;
  facts.targets_per_window = TaskTargets(*resolved, options.length);
  facts.loss_floor = TaskLossFloor(*resolved);
  facts.note = std::move(note);
  return std::unique_ptr<Dataset>(std::make_unique<TaskDataset>(*resolved, std::move(facts)));
}

}  // namespace plasa::trainer
