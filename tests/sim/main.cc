// plasa-sim: runs seeded fault schedules against the product's own core, worker logic and file formats.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "simulation.h"

namespace {

using plasa::sim::Outcome;
using plasa::sim::Plan;

struct Options {
  uint64_t seeds = 100;
  uint64_t first = 1;
  double minutes = 0;
  std::vector<std::string> replay;
  bool shrink = false;
  bool log = false;
};

struct Totals {
  uint64_t seeds = 0;
  uint64_t violations = 0;
  uint64_t fewest_grants = UINT64_MAX;
  uint64_t fewest_faults = UINT64_MAX;
  double simulated_s = 0;
  std::array<uint64_t, plasa::sim::kFaultKinds> kinds{};
};

void Report(const Plan& plan, const Outcome& outcome, bool shrink) {
  std::cout << "seed " << plan.seed << ": " << outcome.violation << '\n';
  std::cout << plasa::sim::Print(shrink ? plasa::sim::Shrink(plan) : plan) << std::flush;
}

void Add(const Outcome& outcome, Totals* totals) {
  ++totals->seeds;
  totals->violations += outcome.violation.empty() ? 0 : 1;
  totals->fewest_grants = std::min(totals->fewest_grants, outcome.grants);
  totals->fewest_faults = std::min(totals->fewest_faults, outcome.faults);
  totals->simulated_s += outcome.simulated_s;
  for (size_t i = 0; i < outcome.kinds.size(); ++i) totals->kinds[i] += outcome.kinds[i];
}

void Print(const Totals& totals, double seconds) {
  std::printf("%lu seeds, %lu violations; fewest grants %lu, fewest faults %lu a seed\n", totals.seeds,
              totals.violations, totals.fewest_grants, totals.fewest_faults);
  std::printf("%.0f s simulated in %.1f s: %.0f times real time\n", totals.simulated_s, seconds,
              totals.simulated_s / seconds);
  for (int kind = 0; kind < plasa::sim::kFaultKinds; ++kind)
    std::printf("  %-22s %lu\n", plasa::sim::Word(static_cast<plasa::sim::FaultKind>(kind)),
                totals.kinds[static_cast<size_t>(kind)]);
}

int Replay(const Options& options) {
  int failed = 0;
  for (const std::string& path : options.replay) {
    std::ifstream file(path);
    const auto plan = plasa::sim::ParsePlan({std::istreambuf_iterator<char>(file), {}});
    if (!file || !plan) {
      std::cerr << path << " is not a plan of plasa-sim\n";
      return 2;
    }
    const Outcome outcome = plasa::sim::Simulate(*plan);
    std::cout << path << ": " << (outcome.violation.empty() ? "ok" : outcome.violation) << '\n';
    failed += outcome.violation.empty() ? 0 : 1;
  }
  return failed == 0 ? 0 : 1;
}

int RunSeeds(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Totals totals;
  for (uint64_t i = 0; options.minutes > 0 ? seconds() < 60 * options.minutes : i < options.seeds; ++i) {
    const Plan plan = plasa::sim::MakePlan(options.first + i);
    const Outcome outcome = plasa::sim::Simulate(plan);
    Add(outcome, &totals);
    if (!outcome.violation.empty()) Report(plan, outcome, options.shrink);
  }
  Print(totals, seconds());
  return totals.violations == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Simulates a plasa cluster under faults and checks its promises.", "plasa-sim"};
  Options options;
  app.add_option("--seeds", options.seeds, "how many schedules")->capture_default_str();
  app.add_option("--first", options.first, "the first seed")->capture_default_str();
  app.add_option("--minutes", options.minutes, "run for so long instead of a number of seeds");
  app.add_option("--replay", options.replay, "files with plans to run again");
  app.add_flag("--shrink", options.shrink, "print a failing plan with as few faults as still fail");
  app.add_flag("--log", options.log, "show the log lines of coordinator and workers");
  CLI11_PARSE(app, argc, argv);
  if (!options.log) spdlog::set_level(spdlog::level::off);
  std::signal(SIGXFSZ, SIG_IGN);
  return options.replay.empty() ? RunSeeds(options) : Replay(options);
}
