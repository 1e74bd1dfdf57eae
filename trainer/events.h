// events.jsonl: what an attempt tells the world, one JSON object a line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa::trainer {

// Appends events with growing seq, each with one write. Owned by the loop, one thread. A failed write ends the process
// with a message: a trainer that cannot speak must not go on.
class EventLog {
 public:
  // Opens `dir`/events.jsonl, which must be empty or absent: each attempt has a directory of its own.
  [[nodiscard]] static Result<EventLog> Open(const std::filesystem::path& dir);
  EventLog(EventLog&& other) noexcept;
  EventLog& operator=(EventLog&&) = delete;
  ~EventLog();

  void Append(const std::string& type, int64_t step, Value::Object members);
  void Metrics(int64_t step, Value::Object metrics) {
    Append("metric", step, {{"metrics", Value(std::move(metrics))}});
  }
  void Note(int64_t step, const std::string& text) { Append("note", step, {{"text", text}}); }

  // All events so far are on the disk afterwards.
  void Sync();
  [[nodiscard]] int64_t last_seq() const { return seq_; }

 private:
  explicit EventLog(int fd) : fd_(fd) {}

  int fd_;
  int64_t seq_ = 0;
};

}  // namespace plasa::trainer
