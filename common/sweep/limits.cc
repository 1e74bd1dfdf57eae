#include "common/sweep/limits.h"

#include "common/sweep/quantities.h"

namespace plasa::sweep {
namespace {

constexpr int64_t kSecond = 1000;

void ReadResources(const YamlNode& node, TrialLimits* limits) {
  const Section section(node, "plasa.resources", {"slots", "device", "memory", "hardware_class"});
  if (const auto* slots = section.Find("slots")) limits->slots = ReadWhole(*slots, section.Name("slots"), 1, 1024);
  if (const auto* device = section.Find("device")) {
    const std::string word = ReadWord(*device, section.Name("device"), {"any", "cpu", "cuda"});
    limits->device = word == "any" ? "" : word;
  }
  if (const auto* memory = section.Find("memory")) limits->memory_bytes = ReadBytes(*memory, section.Name("memory"));
  if (const auto* name = section.Find("hardware_class"))
    limits->hardware_class = ReadText(*name, section.Name("hardware_class"));
}

void ReadCheckpoints(const YamlNode& node, TrialLimits* limits) {
  const Section section(node, "plasa.checkpoints", {"every", "keep"});
  if (const auto* every = section.Find("every")) {
    limits->checkpoint_every_ms = ReadDurationMs(*every, section.Name("every"), 1, false);
  }
  if (const auto* keep = section.Find("keep"); keep != nullptr && keep->text != "last") {
    Refuse(keep->mark, "plasa.checkpoints.keep: only last is there yet",
           "the newest checkpoint and the final weights stay");
  }
}

Value::Object ResourcesFile(const TrialLimits& limits, const TrialLimits& standard) {
  Value::Object file;
  if (limits.slots != standard.slots) file["slots"] = limits.slots;
  if (limits.device != standard.device) file["device"] = limits.device;
  if (limits.memory_bytes != standard.memory_bytes) file["memory"] = limits.memory_bytes;
  if (limits.hardware_class != standard.hardware_class) file["hardware_class"] = limits.hardware_class;
  return file;
}

void WriteLimits(const TrialLimits& limits, Value::Object* file) {
  const TrialLimits standard;
  if (auto resources = ResourcesFile(limits, standard); !resources.empty()) (*file)["resources"] = std::move(resources);
  if (limits.lost_after_ms != standard.lost_after_ms) (*file)["lost_after"] = DurationText(limits.lost_after_ms);
  if (limits.timeout_ms != standard.timeout_ms) (*file)["timeout"] = DurationText(limits.timeout_ms);
  if (limits.max_attempts != standard.max_attempts) (*file)["max_attempts"] = limits.max_attempts;
  if (limits.checkpoint_every_ms == standard.checkpoint_every_ms) return;
  (*file)["checkpoints"] = Value::Object{{"every", DurationText(limits.checkpoint_every_ms)}};
}

}  // namespace

void ReadLimits(const Section& section, TrialLimits* limits, Value::Object* file) {
  if (const auto* resources = section.Find("resources")) ReadResources(*resources, limits);
  if (const auto* node = section.Find("lost_after")) {
    limits->lost_after_ms = ReadDurationMs(*node, "plasa.lost_after", kSecond, false);
  }
  if (const auto* node = section.Find("timeout"))
    limits->timeout_ms = ReadDurationMs(*node, "plasa.timeout", kSecond, true);
  if (const auto* node = section.Find("max_attempts"))
    limits->max_attempts = ReadWhole(*node, "plasa.max_attempts", 1, 1000);
  if (const auto* checkpoints = section.Find("checkpoints")) ReadCheckpoints(*checkpoints, limits);
  WriteLimits(*limits, file);
}

}  // namespace plasa::sweep
