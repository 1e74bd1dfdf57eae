// Starting a trainer so that it cannot outlive its shim, and clearing away what it leaves.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace plasa::shim {

struct SpawnResult {
  pid_t pid = 0;  // 0 when nothing was started
  std::string error;
};

// Starts argv in working directory `dir` with a session of its own, standard input closed, output and errors appended
// to dir/output.log, default signals, and SIGKILL as soon as this process dies. vfork: as fast from a big process as
// from a small one, and the child's failure to exec is known when this returns.
[[nodiscard]] SpawnResult SpawnTrainer(const std::string& dir, const std::vector<std::string>& argv);

// Kills and reaps every child of this process, and (being their subreaper) theirs, until there is none.
void KillDescendants();

// How often the kernel killed for memory in this process's cgroup; 0 where cgroup v2 does not say.
[[nodiscard]] long CgroupOomKills();

}  // namespace plasa::shim
