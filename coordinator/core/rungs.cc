#include "coordinator/core/rungs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sweep/sweep.h"

namespace plasa::coordinator {
namespace {

// What is not a number is worse than any.
bool IsBetter(double a, double b, bool maximize) {
  if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
  return maximize ? a > b : a < b;
}

struct Standing {
  size_t cell = 0;
  double value = 0;
};

RungRecord DecisionOf(const Rungs& rungs, const std::vector<Standing>& ranked) {
  RungRecord decision;
  decision.rung = rungs.plan.rungs[rungs.decided.size()];
  decision.cells = static_cast<int64_t>(ranked.size());
  decision.kept = rungs.plan.Survivors(decision.cells);
  decision.worst_kept = ranked[static_cast<size_t>(decision.kept) - 1].value;
  for (auto lost = ranked.begin() + decision.kept; lost != ranked.end(); ++lost) {
    for (const std::string& trial : rungs.cells[lost->cell].trials) decision.pruned.push_back({trial, lost->value});
  }
  return decision;
}

}  // namespace

bool Rungs::Add(const std::string& trial, const std::string& cell) {
  if (cell_of.contains(trial)) return false;
  const auto [place, fresh] = place_of.try_emplace(cell, cells.size());
  if (fresh) cells.emplace_back();
  cells[place->second].trials.push_back(trial);
  cell_of[trial] = place->second;
  return true;
}

void Rungs::Count(const std::string& trial, const MetricReport& report) {
  if (const auto waiting = unread.find(trial); waiting != unread.end()) return waiting->second.push_back(report);
  Progress& at = progress[trial];
  if (at.reports > 0 && report.step <= at.last_step) return;
  const bool better = at.reports == 0 || IsBetter(report.value, at.best, maximize);
  if (better) at.best = report.value;
  at.last_step = report.step;
  ++at.reports;
  const size_t next = at.values.size();
  if (next < plan.rungs.size() && at.reports == plan.rungs[next])
    at.values.push_back(plan.strict ? report.value : at.best);
}

void Rungs::Read(const TrialHistory& history) {
  auto waiting = unread.extract(history.trial);
  if (waiting.empty()) return;
  for (const MetricReport& report : history.reports) Count(history.trial, report);
  for (const MetricReport& report : waiting.mapped()) Count(history.trial, report);
}

void Rungs::Decide(RungRecord decision) {
  for (const RungRecord::Pruned& pruned : decision.pruned) {
    Cell& cell = cells[cell_of.at(pruned.trial)];
    cell.pruned_at = decided.size();
    cell.value = pruned.value;
  }
  decided.push_back(std::move(decision));
}

bool Rungs::HasPruned(const std::string& trial) const {
  const auto place = cell_of.find(trial);
  return place != cell_of.end() && cells[place->second].pruned_at.has_value();
}

std::string Rungs::WhyPruned(const std::string& trial) const {
  const Cell& cell = cells[cell_of.at(trial)];
  const RungRecord& rung = decided[*cell.pruned_at];
  const std::string best = rung.kept == 1 ? "the best" : absl::StrCat("the best ", rung.kept);
  return absl::StrCat("rung ", rung.rung, " of ", metric, ", where its cell had ", cell.value, " and ", best, " of ",
                      rung.cells, " cells ", rung.worst_kept, rung.kept == 1 ? "" : " or better");
}

std::optional<RungRecord> Rungs::JudgeNext(const MayReport& may_report) const {
  const size_t next = decided.size();
  if (next >= plan.rungs.size() || !unread.empty()) return std::nullopt;
  std::vector<Standing> standings;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].pruned_at) continue;
    double sum = 0, seeds = 0;
    for (const std::string& trial : cells[i].trials) {
      const auto at = progress.find(trial);
      const bool reached = at != progress.end() && at->second.values.size() > next;
      if (!reached && may_report(trial)) return std::nullopt;
      if (!reached) continue;
      sum += at->second.values[next];
      ++seeds;
    }
    if (seeds > 0) standings.push_back({i, sum / seeds});
  }
  if (standings.empty()) return std::nullopt;
  // Of equal ones those that stand first in the grid go on.
  std::stable_sort(standings.begin(), standings.end(),
                   [this](const Standing& a, const Standing& b) { return IsBetter(a.value, b.value, maximize); });
  return DecisionOf(*this, standings);
}

std::optional<Rungs> RungsOfSweep(const SweepRecord& sweep) {
  if (!absl::StrContains(sweep.spec_json, "\"early_terminate\"")) return std::nullopt;  // most sweeps: no parsing
  const auto spec = ParseSweep(sweep.spec_json, "sweep");
  if (!spec.ok() || spec->early_terminate.IsNull()) return std::nullopt;
  auto plan = RungsOf(spec->early_terminate);
  if (!plan.ok()) return std::nullopt;
  Rungs rungs;
  rungs.plan = *std::move(plan);
  rungs.metric = sweep.metric_name;
  rungs.maximize = sweep.metric_goal == "maximize";
  return rungs;
}

}  // namespace plasa::coordinator
