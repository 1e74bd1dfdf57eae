// The log of a daemon: a fixed phrase, then key=value, one line on standard error.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace plasa {

using LogField = std::pair<absl::string_view, std::string>;

// One a room. Thread-safe; a line is written before the call returns. Values with spaces or quotes are quoted.
class Log {
 public:
  // `room` must outlive the log: a string literal.
  explicit constexpr Log(const char* room) : room_(room) {}

  void Info(absl::string_view phrase, std::initializer_list<LogField> fields = {}) const;
  void Warning(absl::string_view phrase, std::initializer_list<LogField> fields = {}) const;
  void Error(absl::string_view phrase, std::initializer_list<LogField> fields = {}) const;

 private:
  const char* room_;
};

}  // namespace plasa
