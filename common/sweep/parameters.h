// The parameters of a sweep: each a distribution and the numbers or values that fill it in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/value.h"
#include "common/sweep/distribution.h"
#include "common/sweep/yaml_tree.h"

namespace plasa::sweep {

struct Parameter {
  const Distribution* distribution = nullptr;  // a row of the table
  Value::Object fields;                        // value, values, min, ... with defaults filled in

  [[nodiscard]] bool fixed() const { return distribution->shape == Shape::kConstant; }
  [[nodiscard]] double Number(std::string_view field) const { return fields.find(field)->second.Number(); }
  [[nodiscard]] const Value::List& Values() const { return fields.find("values")->second.As<Value::List>(); }
};

// By dotted name, sorted.
using Parameters = std::map<std::string, Parameter>;

// Reads `parameters:` with nested ones. `grid` refuses what a grid cannot hold. Refuses by Refusal.
[[nodiscard]] Parameters ReadParameters(const YamlNode& node, bool grid);

// As `plan` shows them: {"kind": ..., fields}; and back. Precondition of the latter: it came from the former.
[[nodiscard]] Value SpaceOf(const Parameters& parameters);
[[nodiscard]] Parameters FromSpace(const Value& space);

// As a sweep file would have them, one spelling each.
[[nodiscard]] Value FileOf(const Parameters& parameters);

}  // namespace plasa::sweep
