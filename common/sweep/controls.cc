#include "common/sweep/controls.h"

#include <set>

#include "common/experiment/cell_place.h"
#include "common/experiment/config.h"
#include "common/experiment/contrast_sets.h"
#include "common/sweep/cell_count.h"

namespace plasa::sweep {
namespace {

// The name of the set that the sweep asks for; empty where it asks for none.
std::string SetOf(const SweepSpec& spec) {
  const auto& file = spec.canonical.As<Value::Object>();
  const auto plasa = file.find("plasa");
  if (plasa == file.end()) return "";
  const auto& keys = plasa->second.As<Value::Object>();
  const auto contrasts = keys.find("contrasts");
  const bool named = contrasts != keys.end() && contrasts->second.Is<std::string>();
  return named ? contrasts->second.As<std::string>() : "";
}

std::string KeyOf(const Config& config, const Value::Object& cell) {
  const CellPlace place = PlaceOf(cell);
  const Value::List keys(place.keys.begin(), place.keys.end());
  return place.base + '\n' + std::to_string(config.seq_len) + '\n' + Value(keys).CanonicalJson();
}

}  // namespace

void ReadControls(const Section& section, SweepSpec* spec, Value::Object* file) {
  const auto* node = section.Find("controls");
  if (node == nullptr || ReadWord(*node, "plasa.controls", {"none", "matched"}) == "none") return;
  if (spec->trainer != "plasa")
    Refuse(node->mark, "plasa.controls: matched knows the schedules of the trainer plasa alone",
           "list the cells to compare with as values");
  spec->matched_controls = true;
  (*file)["controls"] = "matched";
}

Result<std::vector<Value::Object>> WithControls(const SweepSpec& spec, std::vector<Value::Object> cells,
                                                int64_t limit) {
  const std::string set = SetOf(spec);
  std::set<std::string> there;
  std::vector<std::pair<Value::Object, std::string>> wanted;  // with its key
  for (const Value::Object& cell : cells) {
    const auto config = ResolveConfig(Value(cell));
    if (!config.ok()) continue;
    there.insert(KeyOf(*config, cell));
    if (!config->schedule_perm.empty()) continue;
    for (const std::string& label : ControlsOf(set, config->schedule)) {
      Value::Object control = WithSchedule(cell, label);
      std::string key = KeyOf(*config, control);
      wanted.emplace_back(std::move(control), std::move(key));
    }
    if (static_cast<int64_t>(wanted.size()) > limit) return TooMany(cells.size() + wanted.size(), limit);
  }
  for (auto& [control, key] : wanted) {
    if (there.insert(key).second) cells.push_back(std::move(control));
  }
  if (static_cast<int64_t>(cells.size()) > limit) return TooMany(cells.size(), limit);
  return cells;
}

}  // namespace plasa::sweep
