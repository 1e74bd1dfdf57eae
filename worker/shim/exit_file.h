// How an attempt's end is made durable: exit.json wins over everything else that is known about an attempt.
#pragma once

#include <string>

namespace plasa::shim {

struct ExitRecord {
  int code = 0;
  int signal = 0;  // 0 = left by itself
  double wall_s = 0;
  bool out_of_memory = false;  // SIGKILL while the cgroup counted an out-of-memory kill

  // {"code":0,"signal":0,"wall_s":1.5} and "oom":true when so.
  [[nodiscard]] std::string Json() const;
};

// Writes `text` as dir/name for readers that may come at any moment: beside it, then renamed. Not fsynced. False with
// errno.
[[nodiscard]] bool WriteFile(const std::string& dir, const std::string& name, const std::string& text);

// fsyncs dir/events.jsonl, then writes dir/exit.json: temp, fsync, rename, fsync of the directory. False with errno.
[[nodiscard]] bool WriteExitFile(const std::string& dir, const ExitRecord& record);

}  // namespace plasa::shim
