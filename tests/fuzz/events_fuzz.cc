// Any bytes as events.jsonl, whole and as it grows: what is taken is the same events in order, what is not says which
// line and why.
#include <fstream>

#include "common/base/plain_path.h"
#include "common/base/utf8.h"
#include "input_folder.h"
#include "worker/event_line.h"
#include "worker/event_tail.h"

namespace plasa::worker {
namespace {

using fuzz::Require;

constexpr int kReports = 10000;  // more than any input needs

// All that a reader of the file says.
struct Told {
  std::vector<v1::Event> events;
  absl::Status status;
};

void CheckCheckpoint(const std::string& json) {
  const auto local = ParseCheckpoint(json);
  if (!local.ok()) return Require(!local.status().message().empty(), "a refusal says why");
  Require(IsPlainPath(local->path), "a checkpoint lies in its attempt");
  for (const v1::CheckpointFile& file : local->checkpoint.files())
    Require(IsPlainPath(file.name()) && file.sha256().size() == 64, "its files lie in it");
}

void CheckEvent(const v1::Event& event, uint64_t seq) {
  Require(event.seq() == seq, "seqs follow one another");
  Require(event.step() >= 0, "steps are not negative");
  Require((event.type() == "metric") == event.json().empty(), "metrics travel as numbers, the rest as it was written");
  for (const v1::MetricValue& metric : event.metrics()) Require(!metric.name().empty(), "a metric has a name");
  v1::Event back;
  Require(back.ParseFromString(event.SerializeAsString()), "what is sent can be read");
  if (event.type() == "checkpoint") CheckCheckpoint(event.json());
  if (event.type() == "note") (void)NoteText(event.json());
}

// Takes what the tail holds, as a worker reports it.
void Report(EventTail& tail, std::vector<v1::Event>* events) {
  for (int i = 0; i < kReports; ++i) {
    v1::ReportRequest request;
    if (!tail.FillBatch(request)) return;
    Require(request.first_seq() == events->size() + 1, "a batch begins where the last one ended");
    events->insert(events->end(), request.events().begin(), request.events().end());
    tail.Acknowledge(events->size());
    (void)tail.Read();
  }
}

Told ReadWhole(const std::string& path) {
  EventTail tail(path);
  Told told;
  (void)tail.Read();
  Report(tail, &told.events);
  told.status = tail.Read();
  Require(tail.AtEnd(), "the whole file was read");
  Require(tail.last_seq() == told.events.size(), "every event was handed out");
  return told;
}

// The file as the trainer writes it: first a part that ends anywhere, then the rest.
Told ReadGrowing(const std::string& path, std::string_view text) {
  const size_t cut = text.size() < 2 ? 0 : static_cast<unsigned char>(text[text.size() / 2]) * text.size() / 256;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text.substr(0, cut) << std::flush;
  EventTail tail(path);
  Told told;
  (void)tail.Read();
  Report(tail, &told.events);
  file << text.substr(cut) << std::flush;
  (void)tail.Read();
  Report(tail, &told.events);
  told.status = tail.Read();
  return told;
}

void CheckTold(const Told& whole, const Told& growing) {
  Require(whole.status == growing.status, "a file that grows is refused as a whole one is");
  Require(whole.events.size() == growing.events.size(), "and gives as many events");
  for (size_t i = 0; i < whole.events.size(); ++i) {
    CheckEvent(whole.events[i], i + 1);
    Require(whole.events[i].SerializeAsString() == growing.events[i].SerializeAsString(), "and the same ones");
  }
  if (whole.status.ok()) return;
  Require(IsUtf8(std::string(whole.status.message())), "a refusal may travel as text");
  Require(whole.status.message().find("line " + std::to_string(whole.events.size() + 1)) != absl::string_view::npos,
          "a refusal names the line");
}

}  // namespace
}  // namespace plasa::worker

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::worker;
  const std::string_view text = plasa::fuzz::AsText(data, size);
  const auto& folder = plasa::fuzz::InputFolder();
  const Told whole = ReadWhole(folder.Write("whole.jsonl", std::string(text)).string());
  CheckTold(whole, ReadGrowing(folder / "growing.jsonl", text));
  return 0;
}
