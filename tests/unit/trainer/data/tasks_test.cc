// Synthetic tasks against the recorded samples.
#include "trainer/data/tasks.h"

#include <gtest/gtest.h>

#include <vector>

#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

const Value::Object& Table() {
  static const Value table = *ReadJsonFile("tests/golden/tasks.json");
  return table.As<Value::Object>();
}

int64_t IntOr(const Value::Object& args, const char* key, int64_t otherwise) {
  const auto it = args.find(key);
  return it == args.end() ? otherwise : it->second.As<int64_t>();
}

TaskSpec SpecOf(const std::string& name, const Value::Object& args) {
  TaskSpec task;
  task.kind = *ParseTaskName(name);
  task.seed = IntOr(args, "seed", 0);
  task.vocab = IntOr(args, "V", IntOr(args, "A", -1));
  task.pairs = IntOr(args, "D", IntOr(args, "n", -1));
  task.marks = IntOr(args, "M", -1);
  task.lag = IntOr(args, "lag", -1);
  if (args.count("depth") != 0) task.depth = args.at("depth").Number();
  return task;
}

std::vector<int32_t> Ids(const Value& list) {
  std::vector<int32_t> out;
  for (const Value& item : list.As<Value::List>()) out.push_back(static_cast<int32_t>(item.As<int64_t>()));
  return out;
}

TEST(MakeTaskSample, EqualsTheRecordedSamples) {
  for (const Value& row : Table().at("samples").As<Value::List>()) {
    const auto& sample = row.As<Value::Object>();
    const auto& args = sample.at("args").As<Value::Object>();
    const std::string name = sample.at("task").As<std::string>();
    const auto inputs = Ids(sample.at("inputs"));
    const auto task = ResolveTask(SpecOf(name, args), static_cast<int64_t>(inputs.size()), 0);
    ASSERT_TRUE(task) << task.error().Text();
    std::vector<int32_t> x(inputs.size()), y(inputs.size());
    MakeTaskSample(*task, static_cast<uint32_t>(args.at("split").As<int64_t>()),
                   static_cast<uint32_t>(args.at("index").As<int64_t>()), x, y);
    EXPECT_EQ(x, inputs) << name;
    EXPECT_EQ(y, Ids(sample.at("labels"))) << name;
    EXPECT_EQ(TaskTargets(*task, static_cast<int64_t>(x.size())),
              static_cast<int64_t>(y.size()) - std::count(y.begin(), y.end(), kNoLabel))
        << name;
  }
}

TEST(TaskLossFloor, IsTheEntropyOfTheTable) {
  for (const auto& [vocab, entropy] : Table().at("zipf_entropy").As<Value::Object>()) {
    TaskSpec task;
    task.vocab = std::stoll(vocab);
    EXPECT_NEAR(TaskLossFloor(task), entropy.Number(), 1e-12);
  }
}

TEST(ResolveTask, DefaultsFitEveryUsualLength) {
  for (const TaskKind kind : {TaskKind::kMqar, TaskKind::kSelectiveCopy, TaskKind::kInduction, TaskKind::kNeedle,
                              TaskKind::kMarkov, TaskKind::kCanary}) {
    for (const int64_t length : {16, 64, 256, 1024, 4096}) {
      TaskSpec task;
      task.kind = kind;
      const auto resolved = ResolveTask(task, length, 7);
      EXPECT_TRUE(resolved) << TaskName(kind) << " " << length << ": " << resolved.error().Text();
    }
  }
}

TEST(ResolveTask, SaysWhichSizeDoesNotFit) {
  TaskSpec task;
  task.kind = TaskKind::kMqar;
  task.pairs = 8;
  EXPECT_FALSE(ResolveTask(task, 16, 0));
  task.vocab = 63;
  EXPECT_FALSE(ResolveTask(task, 64, 0));
  task = TaskSpec{TaskKind::kMarkov};
  task.lag = 0;
  EXPECT_FALSE(ResolveTask(task, 64, 0));
}

}  // namespace
}  // namespace plasa::trainer
