// The built-in synthetic tasks: each sample is a pure function of (data seed, split, sample index).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/base/result.h"

namespace plasa::trainer {

enum class TaskKind { kMqar, kSelectiveCopy, kInduction, kNeedle, kMarkov, kCanary };

// One task and its sizes. -1 stands for "by default" until ResolveTask has filled it in.
struct TaskSpec {
  TaskKind kind = TaskKind::kMarkov;
  int64_t vocab = -1;       // V (A for selective copy)
  int64_t pairs = -1;       // mqar: D key-value pairs; needle: n keys
  int64_t marks = -1;       // selective copy: M items to copy
  int64_t lag = -1;         // markov
  double depth = -1;        // needle: 0 start .. 1 end
  int64_t seed = -1;        // data seed; by default the seed of the run
  int64_t validation = -1;  // number of held-out samples
};

[[nodiscard]] const char* TaskName(TaskKind kind);
[[nodiscard]] Result<TaskKind> ParseTaskName(const std::string& name);

// Fills in defaults for windows of `length` tokens and checks that the task fits in them; says which size does not.
[[nodiscard]] Result<TaskSpec> ResolveTask(TaskSpec task, int64_t length, uint64_t run_seed);

// Number of labels that count in one sample.
[[nodiscard]] int64_t TaskTargets(const TaskSpec& task, int64_t length);

// Loss that no causal model can beat on average, in nats, for targets that follow from earlier tokens; negative where
// none is known.
[[nodiscard]] double TaskLossFloor(const TaskSpec& task);

inline constexpr int32_t kNoLabel = -100;

// Writes sample `index` of `split` (0 train, 1 held out): inputs and labels of equal length, kNoLabel where nothing is
// asked. Precondition: `task` comes from ResolveTask for this length.
void MakeTaskSample(const TaskSpec& task, uint32_t split, uint32_t index, std::span<int32_t> inputs,
                    std::span<int32_t> labels);

}  // namespace plasa::trainer
