// Any text as a sweep file, and its first line as an override of a good one. What is taken gives itself back, and its
// trials are as many as its cells and seeds say.
#include <set>

#include "common/sweep/sweep.h"
#include "input_folder.h"

namespace plasa {
namespace {

using fuzz::Require;

constexpr char kBase[] =
    "method: grid\nparameters: {lr: {values: [0.1, 0.2]}, k: {value: 3}}\n"
    "plasa: {trainer: toy, data: {task: mqar}, seeds: 2}\n";
constexpr size_t kMost = 300;  // trials looked at one by one

void CheckRefusal(const Error& error, std::string_view where) {
  Require(!error.what.empty() && error.Text().size() < 4000, "a refusal is a sentence");
  Require(error.where.starts_with(where), "a refusal says where");
}

void CheckTrials(const SweepSpec& spec, const Expansion& expansion) {
  const auto seeds = static_cast<size_t>(SeedsPerCell(spec));
  Require(expansion.trials.size() == expansion.cells.size() * seeds, "each cell has every seed");
  Require(expansion.trials.size() <= static_cast<size_t>(kMaxTrials), "no more trials than are allowed");
  Require(spec.run_cap == 0 || expansion.cells.size() <= static_cast<size_t>(spec.run_cap), "run_cap is kept");
  for (size_t i = 0; i < std::min(kMost, expansion.trials.size()); ++i) {
    const TrialSpec& trial = expansion.trials[i];
    Require(trial.id.size() == 16 && trial.seed >= 0, "a trial has an id and a seed");
    Require(TrialId(spec, trial.params) == trial.id, "its parameters give its id");
    Require(trial.params.at("seed").As<int64_t>() == trial.seed, "its seed is among its parameters");
    for (const auto& [name, value] : trial.cell) Require(trial.params.at(name) == value, "and its cell");
  }
}

// What a trainer will be told; nothing for a file that `plan` shows and nobody can run.
std::string TrialsText(const SweepSpec& spec) {
  const auto expansion = Expand(spec);
  if (!expansion) return CheckRefusal(expansion.error(), ""), "refused: " + expansion.error().Text();
  CheckTrials(spec, *expansion);
  std::string text;
  for (size_t i = 0; i < std::min(kMost, expansion->trials.size()); ++i) text += expansion->trials[i].id + " ";
  return text + std::to_string(expansion->trials.size());
}

void CheckCells(const SweepSpec& spec) {
  const auto cells = ExpandCells(spec);
  const auto expansion = Expand(spec);
  Require(!expansion || (cells && cells->size() == expansion->cells.size()), "plan counts the cells that will run");
}

void CheckSpec(const SweepSpec& spec) {
  const std::string text = spec.canonical.CanonicalJson();
  const auto again = ParseSweep(text, "canonical");
  Require(again.ok(), "a canonical specification is a sweep file");
  Require(again->canonical.CanonicalJson() == text, "and gives itself");
  Require(SweepId(*again) == SweepId(spec), "with the same identity");
  CheckCells(spec);
  Require(TrialsText(*again) == TrialsText(spec), "and the same trials");
}

void CheckOverride(std::string line) {
  auto spec = ParseSweep(kBase, "base");
  Require(spec.ok(), "the base is good");
  const Outcome refused = ApplyOverrides(&*spec, {{std::move(line)}, 0, ""});
  if (refused) return Require(!refused->Text().empty(), "a refusal says why");
  CheckSpec(*spec);
}

}  // namespace
}  // namespace plasa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa;
  const std::string_view text = fuzz::AsText(data, size);
  const auto spec = ParseSweep(text, "input.yaml");
  if (spec) {
    CheckSpec(*spec);
  } else {
    CheckRefusal(spec.error(), "input.yaml");
  }
  CheckOverride(std::string(text.substr(0, text.find('\n'))));
  return 0;
}
