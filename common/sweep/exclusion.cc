#include "common/sweep/exclusion.h"

#include <algorithm>

namespace plasa::sweep {

Exclusion::Exclusion(const std::vector<Value::Object>& rules) {
  for (const Value::Object& object : rules) {
    Rule rule;
    for (const auto& [name, value] : object) {
      const Value::List values = value.Is<Value::List>() ? value.As<Value::List>() : Value::List{value};
      for (const Value& one : values) rule[name].insert(one.CanonicalJson());
    }
    rules_.push_back(std::move(rule));
  }
}

bool Exclusion::Matches(const Value::Object& cell) const {
  const auto has = [&](const auto& entry) {
    const auto found = cell.find(entry.first);
    return found != cell.end() && entry.second.contains(found->second.CanonicalJson());
  };
  const auto matches = [&](const Rule& rule) { return std::all_of(rule.begin(), rule.end(), has); };
  return std::any_of(rules_.begin(), rules_.end(), matches);
}

}  // namespace plasa::sweep
