// The way from other threads to the HTTP thread, which closes when the server stops.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <mutex>
#include <utility>

namespace plasa::http {

// Thread-safe. Work posted after Close is dropped.
class Gate {
 public:
  explicit Gate(boost::asio::io_context& io) : io_(&io) {}

  void Post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (io_ != nullptr) boost::asio::post(*io_, std::move(work));
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    io_ = nullptr;
  }

 private:
  std::mutex mutex_;
  boost::asio::io_context* io_;  // guarded by mutex_; nullptr once closed
};

}  // namespace plasa::http
