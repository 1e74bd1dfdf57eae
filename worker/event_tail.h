// Follows one attempt's events.jsonl and hands its events out in bounded batches, each until it is acknowledged.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "plasa/v1/fleet.pb.h"
#include "worker/event_line.h"

namespace plasa::worker {

// Owned by an Attempt; loop thread only. The file is the queue: memory holds at most two batches.
class EventTail {
 public:
  static constexpr size_t kMaxBatchEvents = 500;
  static constexpr size_t kMaxBatchBytes = 512 << 10;

  explicit EventTail(std::string path) : path_(std::move(path)) {}
  ~EventTail();
  EventTail(const EventTail&) = delete;
  EventTail& operator=(const EventTail&) = delete;

  // Takes in whole lines that were appended since, as far as there is room. INVALID_ARGUMENT, naming the line, when one
  // is rubbish (again at each later call; the events before it stay to be reported). UNAVAILABLE when the disk does not
  // give the file: try again later. A missing file is an empty one.
  [[nodiscard]] absl::Status Read();
  // Everything up to `seq` is safe. A smaller seq than before (a restored coordinator) reads the file again from there.
  void Acknowledge(uint64_t seq);
  // The next events to report; false when none are held.
  [[nodiscard]] bool FillBatch(v1::ReportRequest& request) const;

  // True when the last Read took in everything up to the end of the file, or up to the bad line.
  [[nodiscard]] bool AtEnd() const { return at_end_; }
  [[nodiscard]] uint64_t last_seq() const { return last_seq_; }
  [[nodiscard]] uint64_t acked_seq() const { return acked_seq_; }
  [[nodiscard]] const std::string& last_type() const { return last_type_; }
  [[nodiscard]] const std::string& last_note() const { return last_note_; }
  // The newest `checkpoint` event not taken yet.
  [[nodiscard]] std::optional<LocalCheckpoint> TakeCheckpoint() { return std::exchange(checkpoint_, std::nullopt); }

 private:
  [[nodiscard]] bool HasRoom() const;
  [[nodiscard]] absl::Status Unreadable() const;
  [[nodiscard]] absl::Status Open();
  [[nodiscard]] absl::Status ReadMore();
  [[nodiscard]] absl::Status TakeLines();
  [[nodiscard]] absl::Status TakeLine(absl::string_view line);
  [[nodiscard]] absl::Status Remember(const v1::Event& event);
  void Rewind();

  const std::string path_;
  int fd_ = -1;
  uint64_t offset_ = 0;  // how far the file was read
  std::string partial_;  // bytes read that do not make a whole line yet
  uint64_t last_seq_ = 0;
  uint64_t acked_seq_ = 0;
  bool at_end_ = false;
  absl::Status bad_;
  std::string last_type_;
  std::string last_note_;
  std::optional<LocalCheckpoint> checkpoint_;
  std::deque<v1::Event> held_;
  size_t held_bytes_ = 0;
};

}  // namespace plasa::worker
