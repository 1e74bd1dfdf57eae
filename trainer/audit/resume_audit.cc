#include "trainer/audit/resume_audit.h"

#include <string>

#include "trainer/audit/compare.h"
#include "trainer/audit/scratch_folder.h"
#include "trainer/audit/tiny.h"
#include "trainer/checkpoint.h"

namespace plasa::trainer {
namespace {

constexpr int64_t kSteps = 6, kInterruptedAfter = 3;

void RunTo(TinyTraining& run, int64_t end) {
  while (run.adam.steps() < end) {
    const auto stream = static_cast<uint32_t>(100 + run.adam.steps());
    (void)run.Step(TinyBatch(TinyTokens(run.config, stream)));
  }
}

// Saves `from` and loads it into `to`.
Outcome PassOn(const std::filesystem::path& dir, const TinyTraining& from, TinyTraining& to) {
  auto saved = SaveCheckpoint(dir, from.adam.steps(), 1, from.model, from.adam, Value(Value::Object{}));
  if (!saved) return saved.error();
  auto loaded = LoadCheckpoint(dir, saved->path, saved->digest, to.model, to.adam);
  if (!loaded) return loaded.error();
  to.adam.set_steps(from.adam.steps());
  return std::nullopt;
}

int64_t DifferingState(const TinyTraining& a, const TinyTraining& b) {
  int64_t differing = 0;
  for (size_t i = 0; i < a.adam.moments().size(); ++i) {
    differing += DifferingEntries(a.model.parameters()[i].value, b.model.parameters()[i].value);
    if (!a.adam.moments()[i].m.defined()) continue;
    differing += DifferingEntries(a.adam.moments()[i].m, b.adam.moments()[i].m);
    differing += DifferingEntries(a.adam.moments()[i].v, b.adam.moments()[i].v);
  }
  return differing;
}

}  // namespace

AuditResult ResumeAudit(const Config& config) {
  const Config c = TinyCopy(config);
  const ScratchFolder folder;
  TinyTraining whole(c), first(c), second(c);
  RunTo(whole, kSteps);
  RunTo(first, kInterruptedAfter);
  if (const Outcome failure = PassOn(folder.path(), first, second)) return {9, "resume", false, 1, failure->Text()};
  RunTo(second, kSteps);
  return NoneOf(9, "resume", DifferingState(second, whole),
                "parameters and moments that differ in a bit after going on from a checkpoint");
}

}  // namespace plasa::trainer
