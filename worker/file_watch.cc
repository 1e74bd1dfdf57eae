#include "worker/file_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <set>
#include <utility>

namespace plasa::worker {

FileWatch::FileWatch(Loop& loop) : loop_(loop), fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (fd_ >= 0) loop_.Watch(fd_, [this] { OnReadable(); });
}

FileWatch::~FileWatch() {
  if (fd_ < 0) return;
  loop_.Unwatch(fd_);
  close(fd_);
}

int FileWatch::Add(const std::string& path, std::function<void()> on_change) {
  const int id = fd_ < 0 ? -1 : inotify_add_watch(fd_, path.c_str(), IN_MODIFY);
  if (id >= 0) watches_[id] = std::move(on_change);
  return id;
}

void FileWatch::Remove(int id) {
  if (watches_.erase(id) > 0) inotify_rm_watch(fd_, id);
}

void FileWatch::OnReadable() {
  alignas(inotify_event) char bytes[4096];
  std::set<int> changed;
  for (ssize_t n; (n = read(fd_, bytes, sizeof bytes)) > 0;) {
    for (const char* at = bytes; at < bytes + n;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      changed.insert(event->wd);
      at += sizeof(inotify_event) + event->len;
    }
  }
  for (int id : changed) {
    const auto found = watches_.find(id);
    if (found == watches_.end()) continue;
    const std::function<void()> on_change = found->second;
    on_change();
  }
}

}  // namespace plasa::worker
