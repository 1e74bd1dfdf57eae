#include <map>
#include <set>
#include <utility>

#include "common/sweep/controls.h"
#include "common/sweep/grid.h"
#include "common/sweep/identity.h"
#include "common/sweep/parameters.h"
#include "common/sweep/random_cells.h"
#include "common/sweep/rungs.h"
#include "common/sweep/sweep.h"

namespace plasa {
namespace {

using Cells = std::vector<Value::Object>;

// What `plan` may show but nobody can run.
Outcome CheckCanRun(const SweepSpec& spec) {
  if (spec.method == "bayes") {
    return Error{"bayes needs a searcher, and there is none yet", "method", "use grid, or random with run_cap"};
  }
  if (spec.method == "random" && spec.run_cap == 0) {
    return Error{"a random search needs to know how many cells to draw", "run_cap", "add run_cap: 20"};
  }
  if (!spec.early_terminate.IsNull()) {
    if (const auto plan = RungsOf(spec.early_terminate); !plan.ok()) return plan.error();
  }
  return std::nullopt;
}

// The names whose values differ between cells, and those that only some cells have.
std::set<std::string> SweptNames(const Cells& cells) {
  std::map<std::string, std::string> firsts;
  for (const auto& [name, value] : cells.front()) firsts[name] = value.CanonicalJson();
  std::set<std::string> swept;
  for (const Value::Object& cell : cells) {
    for (const auto& [name, value] : cell) {
      const auto first = firsts.find(name);
      if (first == firsts.end() || first->second != value.CanonicalJson()) swept.insert(name);
    }
    for (const auto& [name, value] : firsts) {
      if (cell.count(name) == 0) swept.insert(name);
    }
  }
  swept.erase("seed");
  return swept;
}

std::string CellText(const Value::Object& cell) {
  std::string text;
  for (const auto& [name, value] : cell) text += (text.empty() ? "" : ", ") + name + "=" + value.CanonicalJson();
  return text.empty() ? "" : " in the cell " + text;
}

// Makes the trials of one cell after the other.
class TrialMaker {
 public:
  TrialMaker(const SweepSpec& spec, const Cells& cells) : spec_(spec), swept_(SweptNames(cells)) {}

  Outcome Add(const Value::Object& params, std::vector<TrialSpec>* trials) const {
    const auto seeds = SeedsOf(params);
    if (!seeds.ok()) return seeds.error();
    TrialSpec trial;
    for (const std::string& name : swept_) {
      if (const auto found = params.find(name); found != params.end()) trial.cell[name] = found->second;
    }
    trial.params = params;
    trial.params["seed"] = seeds->front();
    const auto identity = sweep::CellIdentity::Of(spec_, trial.params);
    if (!identity.ok()) return InCell(identity.error(), trial.cell);
    for (const int64_t seed : *seeds) {
      trial.seed = seed;
      trial.params["seed"] = seed;
      trial.id = identity->TrialId(seed);
      trials->push_back(trial);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] Result<std::vector<int64_t>> SeedsOf(const Value::Object& params) const {
    const auto found = params.find("seed");
    if (found == params.end()) return spec_.seeds;
    const Value& seed = found->second;
    if (seed.Is<int64_t>() && seed.As<int64_t>() >= 0) return std::vector<int64_t>{seed.As<int64_t>()};
    return Error{"a seed must be a whole number from 0 on, not " + seed.CanonicalJson(), "parameters.seed", ""};
  }

  static Error InCell(const Error& error, const Value::Object& cell) {
    return Error{error.what + CellText(cell), "parameters." + error.where, error.mend};
  }

  const SweepSpec& spec_;
  const std::set<std::string> swept_;
};

}  // namespace

Result<std::vector<Value::Object>> ExpandCells(const SweepSpec& spec) {
  if (spec.method != "grid" && spec.method != "random") return Cells{};
  auto cells = spec.method == "grid" ? sweep::GridCells(spec, kMaxTrials) : sweep::RandomCells(spec, kMaxTrials);
  if (!cells.ok() || !spec.matched_controls) return cells;
  return sweep::WithControls(spec, *std::move(cells), kMaxTrials);
}

Result<Expansion> Expand(const SweepSpec& spec) {
  if (Outcome refused = CheckCanRun(spec)) return *refused;
  auto cells = ExpandCells(spec);
  if (!cells.ok()) return cells.error();
  const int64_t limit = kMaxTrials / SeedsPerCell(spec);
  if (static_cast<int64_t>(cells->size()) > limit) {
    return Error{"the sweep has " + std::to_string(cells->size()) + " cells with " +
                     std::to_string(SeedsPerCell(spec)) + " seeds each, at most " + std::to_string(kMaxTrials) +
                     " trials are taken",
                 "plasa.seeds", "fewer seeds, fewer values, or run_cap"};
  }
  Expansion expansion;
  const TrialMaker maker(spec, *cells);
  for (const Value::Object& cell : *cells) {
    if (Outcome refused = maker.Add(cell, &expansion.trials)) return *refused;
  }
  expansion.cells = *std::move(cells);
  return expansion;
}

Result<std::vector<TrialSpec>> ExpandSeeds(const SweepSpec& spec, const std::vector<int64_t>& seeds,
                                           const std::set<std::string>& cells) {
  if (spec.space.As<Value::Object>().contains("seed"))
    return Error{"a parameter of this sweep is the seed, so its cells have one seed each", "parameters.seed",
                 "submit a sweep with the seeds you want"};
  SweepSpec more = spec;
  more.seeds = seeds;
  auto expansion = Expand(more);
  if (!expansion.ok()) return expansion.error();
  if (!cells.empty()) {
    std::erase_if(expansion->trials,
                  [&cells](const TrialSpec& trial) { return !cells.contains(Value(trial.cell).CanonicalJson()); });
  }
  return std::move(expansion->trials);
}

}  // namespace plasa
