#include "trainer/audit/attempt_audits.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "trainer/audit/tiny.h"
#include "trainer/checkpoint.h"
#include "trainer/optimiser.h"

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;
constexpr int64_t kSteps = 6, kInterruptedAfter = 3;

// A model and its optimiser on the way through kSteps steps.
struct Training {
  explicit Training(const Config& c) : config(c), model(TinyModel(c, c.schedule)), adam(model) {}

  void RunTo(int64_t end) {
    for (int64_t step = adam.steps(); step < end; ++step) {
      const Batch batch = TinyBatch(TinyTokens(config, 100 + static_cast<uint32_t>(step)));
      (void)adam.Step(Gradients(model, model.Run(batch, {.step = step, .train = true, .keep_logits = false}).loss));
    }
  }

  [[nodiscard]] int64_t DifferencesFrom(const Training& other) const {
    int64_t differing = 0;
    const auto count = [&](const at::Tensor& a, const at::Tensor& b) {
      if (a.defined()) differing += a.detach().view(at::kInt).ne(b.detach().view(at::kInt)).sum().item<int64_t>();
    };
    for (size_t i = 0; i < adam.moments().size(); ++i) {
      count(model.parameters()[i].value, other.model.parameters()[i].value);
      count(adam.moments()[i].m, other.adam.moments()[i].m);
      count(adam.moments()[i].v, other.adam.moments()[i].v);
    }
    return differing;
  }

  Config config;
  Model model;
  Adam adam;
};

// Saves `from` and loads it into `to`.
Outcome PassOn(const fs::path& dir, const Training& from, Training& to) {
  auto saved = SaveCheckpoint(dir, from.adam.steps(), 1, from.model, from.adam, Value(Value::Object{}));
  if (!saved) return saved.error();
  auto loaded = LoadCheckpoint(dir, saved->path, saved->digest, to.model, to.adam);
  if (!loaded) return loaded.error();
  to.adam.set_steps(from.adam.steps());
  return std::nullopt;
}

}  // namespace

AuditResult SplitResult(const SplitAudit& split) {
  char message[160];
  std::snprintf(message, sizeof message,
                "%llu targets are shared by training and validation; %.2f %% of held-out 32-grams occur in training",
                static_cast<unsigned long long>(split.shared_targets), 100.0 * split.overlap);
  return {5, "split", split.shared_targets == 0, static_cast<double>(split.shared_targets), message};
}

AuditResult ResumeResult(const Config& config) {
  const Config c = TinyCopy(config);
  const fs::path dir = fs::temp_directory_path() / ("plasa-audit-" + std::to_string(getpid()));
  Training whole(c), first(c), second(c);
  whole.RunTo(kSteps);
  first.RunTo(kInterruptedAfter);
  const Outcome failure = PassOn(dir, first, second);
  std::error_code ignored;
  fs::remove_all(dir, ignored);
  if (failure) return {9, "resume", false, 1, failure->Text()};
  second.RunTo(kSteps);
  const int64_t differing = second.DifferencesFrom(whole);
  return {9, "resume", differing == 0, static_cast<double>(differing),
          "parameters and moments that differ in a bit after going on from a checkpoint"};
}

}  // namespace plasa::trainer
