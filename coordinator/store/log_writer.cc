#include "coordinator/store/log_writer.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace plasa::store {
namespace {

struct Tail {
  uint64_t end = 0;
  uint64_t dropped = 0;
  std::string text;
};

void Add(Tail* tail, uint64_t offset, absl::string_view data) {
  if (offset > tail->end) {
    const uint64_t missing = offset - tail->end;
    absl::StrAppend(&tail->text, "\n[", missing, " bytes are missing here; the whole log is on the worker]\n");
    tail->dropped += missing;
  } else {
    data.remove_prefix(std::min<uint64_t>(tail->end - offset, data.size()));
  }
  tail->text.append(data.data(), data.size());
  tail->end = std::max(tail->end, offset) + data.size();
  if (tail->text.size() > kLogTailBytes) {
    const size_t cut = tail->text.size() - kLogTailBytes;
    tail->text.erase(0, cut);
    tail->dropped += cut;
  }
}

}  // namespace

absl::Status AppendLog(Queries& queries, uint64_t attempt, uint64_t offset, absl::string_view data) {
  Tail tail;
  absl::Status read = queries.Each("SELECT end_offset, dropped, tail FROM logs WHERE attempt = ?", {Integer(attempt)},
                                   [&](const Statement& row) {
                                     tail = {row.Unsigned(0), row.Unsigned(1), row.Text(2)};
                                     return absl::OkStatus();
                                   });
  if (!read.ok()) return read;
  const uint64_t end_before = tail.end;
  Add(&tail, offset, data);
  if (tail.end == end_before) return absl::OkStatus();
  return queries.Run("INSERT OR REPLACE INTO logs (attempt, end_offset, dropped, tail) VALUES (?, ?, ?, ?)",
                     {Integer(attempt), Integer(tail.end), Integer(tail.dropped), Blob{tail.text}});
}

}  // namespace plasa::store
