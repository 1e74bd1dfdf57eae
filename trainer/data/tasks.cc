#include "trainer/data/tasks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "common/base/philox.h"

namespace plasa::trainer {
namespace {

struct TaskEntry {
  TaskKind kind;
  const char* name;
  Purpose purpose;
};
constexpr std::array<TaskEntry, 6> kTasks = {{{TaskKind::kMqar, "mqar", Purpose::kMqar},
                                              {TaskKind::kSelectiveCopy, "selective_copy", Purpose::kCopy},
                                              {TaskKind::kInduction, "induction", Purpose::kInduction},
                                              {TaskKind::kNeedle, "needle", Purpose::kNeedle},
                                              {TaskKind::kMarkov, "markov", Purpose::kMarkov},
                                              {TaskKind::kCanary, "canary", Purpose::kCanary}}};

const TaskEntry& Entry(TaskKind kind) {
  return *std::find_if(kTasks.begin(), kTasks.end(), [kind](const TaskEntry& entry) { return entry.kind == kind; });
}

// floor(2^24 / (r + 1)) for r = 0..n-1.
std::vector<uint64_t> ZipfWeights(int64_t n) {
  std::vector<uint64_t> weights(static_cast<size_t>(n));
  for (size_t r = 0; r < weights.size(); ++r) weights[r] = (uint64_t{1} << 24) / (r + 1);
  return weights;
}

std::vector<int64_t> Range(int64_t from, int64_t to) {
  std::vector<int64_t> values(static_cast<size_t>(std::max<int64_t>(0, to - from)));
  std::iota(values.begin(), values.end(), from);
  return values;
}

using Tokens32 = std::span<int32_t>;
size_t At(int64_t i) { return static_cast<size_t>(i); }

// A token in [from, from + n).
int32_t DrawToken(Draws& draws, int64_t n, int64_t from = 0) {
  return static_cast<int32_t>(from + static_cast<int64_t>(draws.NextBelow(static_cast<uint64_t>(n))));
}

void Mqar(const TaskSpec& task, Draws& draws, Tokens32 x, Tokens32 y) {
  const int64_t length = static_cast<int64_t>(x.size()), pairs = task.pairs;
  const auto keys = draws.Choose(Range(1, task.vocab / 2), At(pairs));
  const auto values = draws.Choose(Range(task.vocab / 2, task.vocab), At(pairs));
  const auto gaps = draws.Weighted(ZipfWeights((length - 2 * pairs) / 2), At(pairs));
  for (auto& token : x) token = DrawToken(draws, task.vocab);
  for (int64_t i = 0; i < pairs; ++i) {
    x[At(2 * i)] = static_cast<int32_t>(keys[At(i)]);
    x[At(2 * i + 1)] = static_cast<int32_t>(values[At(i)]);
  }
  for (int64_t i = 0; i < pairs; ++i) {
    const size_t query = At(2 * pairs) + 2 * gaps[At(i)];
    x[query] = static_cast<int32_t>(keys[At(i)]);
    y[query] = static_cast<int32_t>(values[At(i)]);
  }
}

void SelectiveCopy(const TaskSpec& task, Draws& draws, Tokens32 x, Tokens32 y) {
  const int64_t field = static_cast<int64_t>(x.size()) - task.marks;
  auto positions = draws.Choose(Range(0, field), At(task.marks));
  std::sort(positions.begin(), positions.end());
  std::fill(x.begin(), x.end(), 0);
  for (int64_t i = 0; i < task.marks; ++i) {
    const int32_t item = DrawToken(draws, task.vocab - 2, 1);
    x[At(positions[At(i)])] = item;
    x[At(field + i)] = static_cast<int32_t>(task.vocab - 1);
    y[At(field + i)] = item;
  }
}

void Induction(const TaskSpec& task, Draws& draws, Tokens32 x, Tokens32 y) {
  const size_t length = x.size();
  for (auto& token : x) token = DrawToken(draws, task.vocab - 1);
  const size_t p = draws.NextBelow(length - 2);
  x[p] = x[length - 1] = static_cast<int32_t>(task.vocab - 1);
  y[length - 1] = x[p + 1];
}

void Needle(const TaskSpec& task, Draws& draws, Tokens32 x, Tokens32 y) {
  const size_t length = x.size();
  for (auto& token : x) token = DrawToken(draws, task.vocab - 4, 4);
  const int64_t slots = (static_cast<int64_t>(length) - 2) / 3;
  const auto target = static_cast<int64_t>(std::floor(task.depth * static_cast<double>(slots - 1)));
  auto others = Range(0, slots);
  others.erase(others.begin() + target);
  std::vector<int64_t> where = {target};
  for (const int64_t slot : draws.Choose(std::move(others), At(task.pairs - 1))) where.push_back(slot);
  const auto keys = draws.Choose(Range(4, task.vocab), At(task.pairs));
  std::vector<int32_t> values;
  for (int64_t i = 0; i < task.pairs; ++i) values.push_back(DrawToken(draws, task.vocab - 4, 4));
  for (size_t i = 0; i < where.size(); ++i) {
    const size_t at = At(3 * where[i]);
    x[at] = 1;
    x[at + 1] = static_cast<int32_t>(keys[i]);
    x[at + 2] = values[i];
  }
  x[length - 2] = 2;
  x[length - 1] = static_cast<int32_t>(keys[0]);
  y[length - 1] = values[0];
}

// Inputs are tokens 0..L-1, labels tokens 1..L of a stream of L+1.
template <class NextToken>
void Shifted(Tokens32 x, Tokens32 y, NextToken next) {
  const size_t length = x.size();
  for (size_t t = 0; t <= length; ++t) {
    const int32_t token = next(t);
    if (t < length) x[t] = token;
    if (t > 0) y[t - 1] = token;
  }
}

void Markov(const TaskSpec& task, Draws& draws, Tokens32 x, Tokens32 y) {
  auto cumulative = ZipfWeights(task.vocab);
  std::partial_sum(cumulative.begin(), cumulative.end(), cumulative.begin());
  const size_t lag = At(task.lag);
  Shifted(x, y, [&](size_t t) -> int32_t {
    if (t < lag) return DrawToken(draws, task.vocab);
    const uint64_t drawn = draws.NextBelow(cumulative.back());
    const int64_t r = std::upper_bound(cumulative.begin(), cumulative.end(), drawn) - cumulative.begin();
    return static_cast<int32_t>((5 * static_cast<int64_t>(x[t - lag]) + 1 + r) % task.vocab);
  });
}

void Canary(const TaskSpec& task, Draws& draws, Tokens32 x, Tokens32 y) {
  Shifted(x, y, [&](size_t) { return DrawToken(draws, task.vocab); });
}

Error Unfit(const TaskSpec& task, const std::string& what) {
  return Error{what, std::string("data: task ") + TaskName(task.kind), "change the sizes of the task or seq_len"};
}

Outcome CheckSizes(const TaskSpec& task, int64_t length) {
  const int64_t v = task.vocab;
  if (v < 2 || v > 65536) return Unfit(task, "vocab must be in 2..65536");
  switch (task.kind) {
    case TaskKind::kMqar:
      if (v % 2 != 0 || task.pairs < 1 || task.pairs > length / 4 || task.pairs >= v / 2) {
        return Unfit(task, "needs an even vocab, 4*pairs <= seq_len and 1 <= pairs < vocab/2");
      }
      break;
    case TaskKind::kSelectiveCopy:
      if (v < 3 || task.marks < 1 || task.marks > length / 2)
        return Unfit(task, "needs vocab >= 3 and 1 <= marks <= seq_len/2");
      break;
    case TaskKind::kInduction:
      if (v < 3 || length < 3) return Unfit(task, "needs vocab >= 3 and seq_len >= 3");
      break;
    case TaskKind::kNeedle:
      if (task.pairs < 1 || task.pairs > (length - 2) / 3 || task.pairs > v - 4 ||
          !(task.depth >= 0 && task.depth <= 1)) {
        return Unfit(task, "needs 1 <= pairs <= (seq_len-2)/3, pairs <= vocab-4 and depth in 0..1");
      }
      break;
    case TaskKind::kMarkov:
      if (task.lag < 1 || task.lag > length) return Unfit(task, "needs 1 <= lag <= seq_len");
      break;
    case TaskKind::kCanary:
      break;
  }
  return std::nullopt;
}

}  // namespace

const char* TaskName(TaskKind kind) { return Entry(kind).name; }

Result<TaskKind> ParseTaskName(const std::string& name) {
  std::string known;
  for (const TaskEntry& entry : kTasks) {
    if (name == entry.name) return entry.kind;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return Error{"there is no synthetic task '" + name + "'", "data.task", "one of " + known};
}

Result<TaskSpec> ResolveTask(TaskSpec task, int64_t length, uint64_t run_seed) {
  const auto fill = [](int64_t& size, int64_t value) { size = size == -1 ? value : size; };
  const bool small = task.kind == TaskKind::kSelectiveCopy || task.kind == TaskKind::kInduction;
  fill(task.vocab, task.kind == TaskKind::kCanary ? 256 : small ? 16 : 64);
  fill(task.pairs, task.kind == TaskKind::kNeedle ? 3 : std::max<int64_t>(1, std::min(length / 8, task.vocab / 2 - 1)));
  fill(task.marks, std::max<int64_t>(1, length / 4));
  fill(task.lag, 1);
  fill(task.seed, static_cast<int64_t>(run_seed));
  fill(task.validation, 256);
  if (task.depth == -1) task.depth = 0.5;
  if (auto unfit = CheckSizes(task, length)) return *unfit;
  if (task.validation < 1 || task.validation > 1'000'000)
    return Unfit(task, "validation must be in 1..1000000 samples");
  return task;
}

int64_t TaskTargets(const TaskSpec& task, int64_t length) {
  switch (task.kind) {
    case TaskKind::kMqar:
      return task.pairs;
    case TaskKind::kSelectiveCopy:
      return task.marks;
    case TaskKind::kInduction:
    case TaskKind::kNeedle:
      return 1;
    case TaskKind::kMarkov:
    case TaskKind::kCanary:
      break;
  }
  return length;
}

double TaskLossFloor(const TaskSpec& task) {
  if (task.kind == TaskKind::kCanary) return std::log(static_cast<double>(task.vocab));
  if (task.kind != TaskKind::kMarkov) return -1;
  const auto weights = ZipfWeights(task.vocab);
  const auto total = static_cast<double>(std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
  double entropy = 0;
  for (const uint64_t weight : weights) {
    const double p = static_cast<double>(weight) / total;
    entropy -= p * std::log(p);
  }
  return entropy;
}

void MakeTaskSample(const TaskSpec& task, uint32_t split, uint32_t index, Tokens32 inputs, Tokens32 labels) {
  Draws draws(Stream{static_cast<uint64_t>(task.seed), Entry(task.kind).purpose, index, split});
  std::fill(labels.begin(), labels.end(), kNoLabel);
  switch (task.kind) {
    case TaskKind::kMqar:
      return Mqar(task, draws, inputs, labels);
    case TaskKind::kSelectiveCopy:
      return SelectiveCopy(task, draws, inputs, labels);
    case TaskKind::kInduction:
      return Induction(task, draws, inputs, labels);
    case TaskKind::kNeedle:
      return Needle(task, draws, inputs, labels);
    case TaskKind::kMarkov:
      return Markov(task, draws, inputs, labels);
    case TaskKind::kCanary:
      return Canary(task, draws, inputs, labels);
  }
}

}  // namespace plasa::trainer
