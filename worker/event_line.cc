#include "worker/event_line.h"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/plain_path.h"
#include "common/runtime/json.h"

namespace plasa::worker {
namespace {

namespace json = boost::json;

constexpr std::array<absl::string_view, 8> kTypes = {"start",      "metric",   "stats", "audit",
                                                     "checkpoint", "progress", "note",  "result"};

absl::Status Bad(absl::string_view what) { return absl::InvalidArgumentError(what); }

std::optional<json::object> ParseObject(absl::string_view text) {
  absl::StatusOr<json::value> value = ParseJson(text);
  if (!value.ok() || !value->is_object()) return std::nullopt;
  return std::move(value->as_object());
}

std::optional<int64_t> Integer(const json::object& object, absl::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->as_int64();
  if (!value->is_double()) return std::nullopt;
  const double number = value->as_double();
  const bool whole = std::abs(number) < 9e15 && number == std::floor(number);
  return whole ? std::optional<int64_t>(static_cast<int64_t>(number)) : std::nullopt;
}

std::string Text(const json::object& object, absl::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_string() ? std::string(value->as_string().data(), value->as_string().size())
                                                : "";
}

std::optional<double> Number(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.as_string();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

bool AddMetric(absl::string_view name, const json::value& value, v1::Event& event) {
  const std::optional<double> number = Number(value);
  if (!number || name.empty()) return false;
  v1::MetricValue* metric = event.add_metrics();
  metric->set_name(std::string(name));
  metric->set_value(*number);
  return true;
}

absl::Status FillMetrics(const json::object& object, v1::Event& event) {
  if (const json::value* all = object.if_contains("metrics"); all != nullptr && all->is_object()) {
    for (const auto& [name, value] : all->as_object()) {
      const absl::string_view key(name.data(), name.size());
      if (!AddMetric(key, value, event)) return Bad(absl::StrCat("metric \"", key, "\" is not a number"));
    }
  } else if (const json::value* value = object.if_contains("value"); value != nullptr) {
    if (!AddMetric(Text(object, "name"), *value, event)) return Bad("a metric needs a name and a number as value");
  }
  return event.metrics().empty() ? Bad("a metric event needs \"metrics\" (an object) or \"name\" and \"value\"")
                                 : absl::OkStatus();
}

bool KnownType(absl::string_view type) {
  for (absl::string_view known : kTypes) {
    if (type == known) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<v1::Event> ParseEventLine(absl::string_view line, uint64_t expected_seq) {
  if (line.size() > kMaxEventLineBytes) return Bad(absl::StrCat("longer than ", kMaxEventLineBytes, " bytes"));
  const std::optional<json::object> object = ParseObject(line);
  if (!object) return Bad("not a JSON object");
  const std::optional<int64_t> seq = Integer(*object, "seq");
  if (!seq || *seq < 0 || static_cast<uint64_t>(*seq) != expected_seq) {
    return Bad(absl::StrCat("\"seq\" should be ", expected_seq));
  }
  v1::Event event;
  event.set_seq(expected_seq);
  event.set_type(Text(*object, "type"));
  if (!KnownType(event.type())) return Bad(absl::StrCat("unknown \"type\" \"", event.type().substr(0, 40), "\""));
  if ((expected_seq == 1) != (event.type() == "start")) return Bad("the first event, and no other, is \"start\"");
  event.set_step(Integer(*object, "step").value_or(0));
  if (event.step() < 0) return Bad("\"step\" is negative");
  if (const json::value* time = object->if_contains("time")) event.set_time_unix_s(Number(*time).value_or(0));
  if (event.type() != "metric") {
    event.set_json(std::string(line));
    return event;
  }
  if (absl::Status filled = FillMetrics(*object, event); !filled.ok()) return filled;
  return event;
}

absl::StatusOr<LocalCheckpoint> ParseCheckpoint(absl::string_view text) {
  const std::optional<json::object> object = ParseObject(text);
  if (!object) return Bad("not a JSON object");
  LocalCheckpoint local;
  local.path = Text(*object, "path");
  local.checkpoint.set_digest(Text(*object, "digest"));
  local.checkpoint.set_step(Integer(*object, "step").value_or(0));
  local.checkpoint.set_events_seq(static_cast<uint64_t>(Integer(*object, "events_seq").value_or(0)));
  if (!IsPlainPath(local.path) || local.checkpoint.digest().size() != 64) {
    return Bad("a checkpoint event needs a relative \"path\" and a SHA-256 \"digest\"");
  }
  const json::value* files = object->if_contains("files");
  if (files == nullptr || !files->is_array()) return Bad("a checkpoint event needs \"files\"");
  for (const json::value& item : files->as_array()) {
    if (!item.is_object()) return Bad("an entry of \"files\" is not an object");
    v1::CheckpointFile* file = local.checkpoint.add_files();
    file->set_name(Text(item.as_object(), "name"));
    file->set_size(static_cast<uint64_t>(Integer(item.as_object(), "size").value_or(0)));
    file->set_sha256(Text(item.as_object(), "sha256"));
    if (!IsPlainPath(file->name()) || file->sha256().size() != 64)
      return Bad("a file of \"files\" lacks name or sha256");
  }
  return local;
}

std::string NoteText(absl::string_view text) {
  const std::optional<json::object> object = ParseObject(text);
  return object ? Text(*object, "text") : "";
}

}  // namespace plasa::worker
