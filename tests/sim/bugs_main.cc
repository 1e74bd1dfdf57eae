// plasa-sim-bugs: plants bugs, each in a process of its own; the simulation must find them all.
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include "simulation.h"

namespace {

// Whether one of the schedules finds the bug; prints a line.
template <class Bug>
bool Hunt(Bug bug, const char* name, uint64_t seeds) {
  std::string found;
  uint64_t seed = 0;
  while (found.empty() && seed < seeds) found = plasa::sim::Simulate(plasa::sim::MakePlan(++seed), bug).violation;
  std::printf("%-24s %s %lu: %s\n", name, found.empty() ? "MISSED after" : "found by seed", seed, found.c_str());
  std::fflush(stdout);
  return !found.empty();
}

// Waits for a process to end; whether its bug was found.
bool Reap() {
  int status = 0;
  return wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Plants bugs and sees the simulation find them.", "plasa-sim-bugs"};
  uint64_t seeds = 10'000;
  int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::string only;
  app.add_option("--seeds", seeds, "how many schedules a bug may survive")->capture_default_str();
  app.add_option("--only", only, "one bug by its name");
  app.add_option("--jobs", jobs, "bugs hunted at the same time")->check(CLI::PositiveNumber)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::off);
  std::signal(SIGXFSZ, SIG_IGN);
  int found = 0, planted = 0, running = 0;
  for (const auto& [bug, name] : plasa::sim::kPlantedBugs) {
    if (!only.empty() && only != name) continue;
    ++planted;
    for (; running == jobs; --running) found += Reap() ? 1 : 0;
    const pid_t child = fork();
    if (child == 0) _exit(Hunt(bug, name, seeds) ? 0 : 1);
    if (child < 0)
      found += Hunt(bug, name, seeds) ? 1 : 0;
    else
      ++running;
  }
  for (; running > 0; --running) found += Reap() ? 1 : 0;
  std::printf("%d of %d found\n", found, planted);
  return found == planted && planted > 0 ? 0 : 1;
}
