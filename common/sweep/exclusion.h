// Combinations a sweep leaves out.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/value.h"

namespace plasa::sweep {

// The rules of `exclude`, ready to be asked for each cell. Immutable.
class Exclusion {
 public:
  explicit Exclusion(const std::vector<Value::Object>& rules);

  // Whether a rule matches: the cell has one of its values for each of its names.
  [[nodiscard]] bool Matches(const Value::Object& cell) const;
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  using Rule = std::map<std::string, std::set<std::string>>;  // name to the canonical texts of its values

  std::vector<Rule> rules_;
};

}  // namespace plasa::sweep
