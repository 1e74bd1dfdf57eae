// All points of a sweep, as text.
#pragma once

#include <boost/json/object.hpp>
#include <set>
#include <string>

#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// Writes points as lines. Pure.
class PointLines {
 public:
  virtual ~PointLines() = default;
  // What stands before the first line; may be empty.
  [[nodiscard]] virtual std::string Head() const = 0;
  [[nodiscard]] virtual std::string Line(const plasa::v1::Trial& trial, const plasa::v1::MetricPoint& point) const = 0;
};

// trial, seed, a column a parameter that some trial has (param.NAME), attempt, name, step, value, time, invalid (why
// the result never counts, else empty).
class CsvPoints : public PointLines {
 public:
  explicit CsvPoints(const plasa::v1::GetSweepReply& sweep);
  [[nodiscard]] std::string Head() const override;
  [[nodiscard]] std::string Line(const plasa::v1::Trial& trial, const plasa::v1::MetricPoint& point) const override;

 private:
  std::set<std::string> params_;
};

// {"trial", "seed", "params", "attempt", "name", "step", "value", "time", "invalid"} a line.
class JsonPoints : public PointLines {
 public:
  [[nodiscard]] std::string Head() const override { return ""; }
  [[nodiscard]] std::string Line(const plasa::v1::Trial& trial, const plasa::v1::MetricPoint& point) const override;
};

}  // namespace plasa::cli
