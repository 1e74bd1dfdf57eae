// Wall time of the parts of a step.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "common/base/value.h"
#include "trainer/history.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {

// Laps of repeated parts. One thread. On a device the caller waits for its results before a lap ends.
class Stopwatch {
 public:
  // Begins a lap; the last one, if it was not ended, is forgotten, and so is what kernels have counted.
  void Start() {
    (void)TakePartSeconds();
    last_ = Clock::now();
  }
  // Ends a lap as a time of `part`, in milliseconds, and begins the next.
  double Lap(const std::string& part) {
    const auto now = Clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - last_).count();
    parts_[part].push_back(ms);
    last_ = now;
    return ms;
  }
  // Adds what the kernels have counted since Start, by their parts.
  void NoteKernels() {
    const auto seconds = TakePartSeconds();
    for (size_t i = 0; i < seconds.size(); ++i) parts_[kPartNames[i]].push_back(seconds[i] * 1000.0);
  }
  // part -> median seconds.
  [[nodiscard]] Value::Object MedianSeconds() const {
    Value::Object medians;
    for (const auto& [part, times] : parts_) medians[part] = Median(times) / 1000.0;
    return medians;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
  std::map<std::string, std::vector<double>> parts_;
};

}  // namespace plasa::trainer
