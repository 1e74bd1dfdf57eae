#include "trainer/bench.h"

#include <algorithm>
#include <memory>

#include "trainer/batches.h"
#include "trainer/hardware.h"
#include "trainer/optimiser.h"
#include "trainer/peak_memory.h"
#include "trainer/stopwatch.h"

namespace plasa::trainer {
namespace {

// Milliseconds of each step; the parts go to `watch`.
std::vector<double> TimeSteps(const Config& config, Dataset& data, int64_t steps, Stopwatch* watch) {
  const Model model(config, config.precision == Precision::kF64 ? at::kDouble : at::kFloat, at::Device(config.device));
  Adam optimiser(model);
  std::vector<double> times;
  for (int64_t step = 0; step < steps; ++step) {
    watch->Start();
    const Batch batch = TrainBatch(data, config, step, model.device());
    double ms = watch->Lap("data");
    ForwardOptions options;
    options.step = config.dense_warmup_steps + step;  // what most steps of a run do
    options.train = true;
    options.keep_logits = false;
    const Forward forward = model.Run(batch, options);
    (void)forward.ce.item<double>();  // waits for the device
    ms += watch->Lap("forward");
    auto gradients = Gradients(model, forward.loss);
    ms += watch->Lap("backward");
    (void)optimiser.Step(std::move(gradients));
    ms += watch->Lap("optimiser");
    times.push_back(ms);
    watch->NoteKernels();
  }
  return times;
}

double HalfQuartileRange(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return (values[values.size() * 3 / 4] - values[values.size() / 4]) / 2;
}

}  // namespace

Result<Value> Bench(const Config& config, int64_t steps) {
  TaskSpec task;
  task.vocab = config.vocab_size;
  WindowOptions options;
  options.length = config.seq_len;
  auto data = OpenDataset(task, options);
  if (!data) return data.error();
  PrepareProcess(static_cast<int>(config.threads));
  Stopwatch watch;
  auto times = TimeSteps(config, **data, steps, &watch);
  times.erase(times.begin(), times.begin() + std::min<int64_t>(steps / 5, 20));
  const double ms = Median(times);
  return Value(Value::Object{{"v", 1},
                             {"ms_per_step", ms},
                             {"fastest_ms", *std::min_element(times.begin(), times.end())},
                             {"spread_ms", HalfQuartileRange(times)},
                             {"tokens_per_s", static_cast<double>(config.batch_size * config.seq_len) * 1000.0 / ms},
                             {"parts", watch.MedianSeconds()},
                             {"peak_memory_bytes", PeakMemoryBytes()},
                             {"steps", steps},
                             {"schedule", config.schedule},
                             {"seq_len", config.seq_len},
                             {"batch_size", config.batch_size},
                             {"build", BuildText()}});
}

}  // namespace plasa::trainer
