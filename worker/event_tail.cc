#include "worker/event_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/utf8.h"

namespace plasa::worker {
namespace {

constexpr size_t kShownBytes = 120;  // of a bad line

}  // namespace

EventTail::~EventTail() {
  if (fd_ >= 0) close(fd_);
}

bool EventTail::HasRoom() const { return held_.size() < 2 * kMaxBatchEvents && held_bytes_ < 2 * kMaxBatchBytes; }

absl::Status EventTail::Read() {
  if (!bad_.ok()) return bad_;
  if (absl::Status opened = Open(); !opened.ok()) return opened;
  while (!at_end_ && HasRoom()) {
    if (absl::Status read = ReadMore(); !read.ok()) return read;
    bad_ = TakeLines();
    if (bad_.ok()) continue;
    at_end_ = true;
    return bad_;
  }
  return absl::OkStatus();
}

absl::Status EventTail::Unreadable() const {
  return absl::UnavailableError(absl::StrCat("cannot read ", path_, ": ", strerror(errno)));
}

absl::Status EventTail::Open() {
  at_end_ = false;
  if (fd_ < 0) fd_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ >= 0) return absl::OkStatus();
  at_end_ = errno == ENOENT;
  return at_end_ ? absl::OkStatus() : Unreadable();
}

// After an error the file is opened anew the next time, and read on from the same place.
absl::Status EventTail::ReadMore() {
  std::array<char, 65536> bytes;
  const ssize_t n = pread(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset_));
  if (n < 0) {
    absl::Status failed = Unreadable();
    close(std::exchange(fd_, -1));
    return failed;
  }
  at_end_ = n == 0;
  offset_ += static_cast<uint64_t>(n);
  partial_.append(bytes.data(), static_cast<size_t>(n));
  return absl::OkStatus();
}

absl::Status EventTail::TakeLines() {
  size_t at = 0;
  absl::Status status;
  for (size_t end; status.ok() && (end = partial_.find('\n', at)) != std::string::npos; at = end + 1) {
    status = TakeLine(absl::string_view(partial_).substr(at, end - at));
  }
  partial_.erase(0, at);
  if (status.ok() && partial_.size() > kMaxEventLineBytes) {
    status = absl::InvalidArgumentError(absl::StrCat("line ", last_seq_ + 1, " of events.jsonl has no end"));
  }
  return status;
}

absl::Status EventTail::TakeLine(absl::string_view line) {
  absl::StatusOr<v1::Event> event = ParseEventLine(line, last_seq_ + 1);
  absl::Status status = event.ok() ? Remember(*event) : event.status();
  if (!status.ok()) {
    const std::string shown(line.substr(0, kShownBytes));
    return absl::InvalidArgumentError(
        ToUtf8(absl::StrCat("line ", last_seq_ + 1, " of events.jsonl: ", status.message(), ": ", shown)));
  }
  last_seq_ = event->seq();
  if (last_seq_ <= acked_seq_) return absl::OkStatus();
  held_bytes_ += event->ByteSizeLong();
  held_.push_back(*std::move(event));
  return absl::OkStatus();
}

absl::Status EventTail::Remember(const v1::Event& event) {
  if (event.type() == "checkpoint") {
    absl::StatusOr<LocalCheckpoint> checkpoint = ParseCheckpoint(event.json());
    if (!checkpoint.ok()) return checkpoint.status();
    checkpoint_ = *std::move(checkpoint);
  }
  if (event.type() == "note") last_note_ = NoteText(event.json());
  last_type_ = event.type();
  return absl::OkStatus();
}

void EventTail::Acknowledge(uint64_t seq) {
  const bool gone_back = seq < acked_seq_;
  acked_seq_ = seq;
  if (gone_back) return Rewind();
  while (!held_.empty() && held_.front().seq() <= seq) {
    held_bytes_ -= held_.front().ByteSizeLong();
    held_.pop_front();
  }
}

void EventTail::Rewind() {
  offset_ = 0;
  partial_.clear();
  held_.clear();
  held_bytes_ = 0;
  last_seq_ = 0;
  at_end_ = false;
  bad_ = absl::OkStatus();
}

bool EventTail::FillBatch(v1::ReportRequest& request) const {
  size_t bytes = 0;
  for (const v1::Event& event : held_) {
    bytes += event.ByteSizeLong();
    const bool full = request.events_size() == static_cast<int>(kMaxBatchEvents) || bytes > kMaxBatchBytes;
    if (full && request.events_size() > 0) break;
    *request.add_events() = event;
  }
  if (!held_.empty()) request.set_first_seq(held_.front().seq());
  return !held_.empty();
}

}  // namespace plasa::worker
