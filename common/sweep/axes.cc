#include "common/sweep/axes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "common/sweep/normal_form.h"

namespace plasa::sweep {
namespace {

// As numpy.arange(min, max, q), which is how W&B makes a grid of q_uniform: max is left out.
uint64_t CountSteps(const Parameter& parameter) {
  const double steps = std::ceil((parameter.Number("max") - parameter.Number("min")) / parameter.Number("q"));
  return steps < 1 ? 0 : steps < 1e18 ? static_cast<uint64_t>(steps) : UINT64_MAX;
}

Value StepValue(const Parameter& parameter, uint64_t i) {
  return NormalForm(Value(parameter.Number("min") + static_cast<double>(i) * parameter.Number("q")));
}

void RemoveRepeated(std::vector<Value::List>* positions) {
  std::set<std::string> seen;
  const auto repeated = [&](const Value::List& position) {
    return !seen.insert(Value(position).CanonicalJson()).second;
  };
  positions->erase(std::remove_if(positions->begin(), positions->end(), repeated), positions->end());
}

Axis OwnAxis(const std::string& name, const Parameter& parameter) {
  Axis axis{{name}, {}};
  for (Value& value : ListValues(parameter)) axis.positions.push_back({std::move(value)});
  RemoveRepeated(&axis.positions);
  return axis;
}

Axis ZippedAxis(const Parameters& parameters, const std::vector<std::string>& names) {
  Axis axis{names, {}};
  const size_t length = parameters.at(names.front()).Values().size();
  for (size_t i = 0; i < length; ++i) {
    Value::List position;
    for (const std::string& name : names) position.push_back(parameters.at(name).Values()[i]);
    axis.positions.push_back(std::move(position));
  }
  RemoveRepeated(&axis.positions);
  return axis;
}

}  // namespace

uint64_t CountValues(const Parameter& parameter) {
  switch (parameter.distribution->shape) {
    case Shape::kConstant:
      return 1;
    case Shape::kCategorical:
      return parameter.Values().size();
    case Shape::kIntegers:
      return static_cast<uint64_t>(parameter.Number("max") - parameter.Number("min")) + 1;
    default:
      return CountSteps(parameter);
  }
}

Value::List ListValues(const Parameter& parameter) {
  if (parameter.fixed()) return {parameter.fields.at("value")};
  if (parameter.distribution->shape == Shape::kCategorical) return parameter.Values();
  Value::List values;
  for (uint64_t i = 0; i < CountValues(parameter); ++i) {
    const bool whole = parameter.distribution->shape == Shape::kIntegers;
    values.push_back(whole ? Value(parameter.fields.at("min").As<int64_t>() + static_cast<int64_t>(i))
                           : StepValue(parameter, i));
  }
  return values;
}

std::vector<Axis> MakeZippedAxes(const Parameters& parameters, const std::vector<std::vector<std::string>>& zip) {
  std::vector<Axis> axes;
  for (const auto& group : zip) axes.push_back(ZippedAxis(parameters, group));
  return axes;
}

std::vector<Axis> MakeAxes(const Parameters& parameters, const std::vector<std::vector<std::string>>& zip) {
  std::vector<Axis> axes = MakeZippedAxes(parameters, zip);
  std::set<std::string> zipped;
  for (const auto& group : zip) zipped.insert(group.begin(), group.end());
  for (const auto& [name, parameter] : parameters) {
    if (!zipped.contains(name)) axes.push_back(OwnAxis(name, parameter));
  }
  std::sort(axes.begin(), axes.end(), [](const Axis& a, const Axis& b) { return a.names < b.names; });
  return axes;
}

}  // namespace plasa::sweep
