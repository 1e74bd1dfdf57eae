// Tells when watched files grow (inotify).
#pragma once

#include <functional>
#include <map>
#include <string>

#include "worker/loop.h"

namespace plasa::worker {

// Loop thread only.
class FileWatch {
 public:
  explicit FileWatch(Loop& loop);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Calls `on_change` after each change of `path`, which must exist. Returns an id for Remove, or -1 when the system
  // allows no more watches: then the caller polls.
  [[nodiscard]] int Add(const std::string& path, std::function<void()> on_change);
  void Remove(int id);

 private:
  void OnReadable();

  Loop& loop_;
  const int fd_;
  std::map<int, std::function<void()>> watches_;
};

}  // namespace plasa::worker
