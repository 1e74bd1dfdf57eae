#include "common/sweep/plasa_keys.h"

#include <algorithm>
#include <utility>

#include "common/sweep/combinations.h"
#include "common/sweep/data_key.h"
#include "common/sweep/limits.h"
#include "common/sweep/question_keys.h"
#include "common/sweep/seeds.h"

namespace plasa::sweep {
namespace {

const Names& Keys() {
  static const Names keys = {"seeds",       "data",     "trainer", "contrasts", "controls",   "margin",  "replicate",
                             "max_seeds",   "priority", "weight",  "resources", "lost_after", "timeout", "max_attempts",
                             "checkpoints", "order",    "exclude", "zip",       "log_rules",  "tags",    "notes"};
  return keys;
}

void ReadTrainer(const Section& section, Draft* draft, Value::Object* file) {
  std::string& trainer = draft->spec.trainer;
  if (const auto* node = section.Find("trainer")) trainer = ReadText(*node, "plasa.trainer");
  if (trainer.empty() || trainer.size() > 256) Refuse(section.mark(), "the trainer's name must have 1 to 256 bytes");
  if (trainer != "plasa") (*file)["trainer"] = trainer;
}

void ReadShare(const Section& section, Draft* draft, Value::Object* file) {
  SweepSpec& spec = draft->spec;
  if (const auto* node = section.Find("priority"))
    spec.priority = ReadWhole(*node, "plasa.priority", -1000000, 1000000);
  if (spec.priority != 0) (*file)["priority"] = spec.priority;
  if (const auto* node = section.Find("weight")) {
    spec.weight = ReadNumber(*node, "plasa.weight");
    if (spec.weight < 0.001 || spec.weight > 1000) RefuseValue(*node, "plasa.weight", "in 0.001..1000");
  }
  if (spec.weight == 1) return;
  (*file)["weight"] = spec.weight;
  spec.remarks.emplace_back(
      "plasa.weight is kept but has no effect yet: equal priorities are served first come, first served");
}

}  // namespace

void ReadPlasaKeys(const YamlNode* node, const Parameters& parameters, Draft* draft) {
  YamlNode nothing;
  nothing.kind = YamlNode::Kind::kMap;
  const Section section(node == nullptr ? nothing : *node, "plasa", Keys());
  Value::Object file;
  ReadTrainer(section, draft, &file);
  ReadSeeds(section, parameters, &draft->spec, &file);
  ReadData(section, &draft->spec, &file);
  ReadShare(section, draft, &file);
  ReadLimits(section, &draft->spec.limits, &file);
  ReadCombinations(section, parameters, &draft->spec, &file);
  ReadQuestionKeys(section, parameters, &draft->spec, &file);
  if (!file.empty()) draft->file["plasa"] = std::move(file);
}

}  // namespace plasa::sweep
