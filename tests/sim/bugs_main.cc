// plasa-sim-bugs: plants one bug after another; the simulation must find each.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <string>

#include "simulation.h"

int main(int argc, char** argv) {
  CLI::App app{"Plants bugs and sees the simulation find them.", "plasa-sim-bugs"};
  uint64_t seeds = 10'000;
  std::string only;
  app.add_option("--seeds", seeds, "how many schedules a bug may survive")->capture_default_str();
  app.add_option("--only", only, "one bug by its name");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::off);
  std::signal(SIGXFSZ, SIG_IGN);
  int missed = 0, planted = 0;
  for (const auto& [bug, name] : plasa::sim::kPlantedBugs) {
    if (!only.empty() && only != name) continue;
    ++planted;
    std::string found;
    uint64_t seed = 0;
    while (found.empty() && seed < seeds) found = plasa::sim::Simulate(plasa::sim::MakePlan(++seed), bug).violation;
    missed += found.empty() ? 1 : 0;
    std::printf("%-24s %s %lu: %s\n", name, found.empty() ? "MISSED after" : "found by seed", seed, found.c_str());
    std::fflush(stdout);
  }
  std::printf("%d of %d found\n", planted - missed, planted);
  return missed == 0 && planted > 0 ? 0 : 1;
}
