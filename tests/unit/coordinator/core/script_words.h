// A line of a script taken apart.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/core/core.h"

namespace plasa::coordinator {

// Plain words, and the values of key=value.
struct ScriptWords {
  std::vector<std::string> plain;
  std::map<std::string, std::string> values;

  [[nodiscard]] bool Has(const std::string& key) const { return values.count(key) > 0; }
  [[nodiscard]] std::string Get(const std::string& key, const std::string& fallback = "") const {
    const auto found = values.find(key);
    return found == values.end() ? fallback : found->second;
  }
};
[[nodiscard]] ScriptWords WordsOf(const std::string& line);

// These throw std::runtime_error for what is none.
[[nodiscard]] int64_t Number(const std::string& text);
// "30s", "200ms", "2m".
[[nodiscard]] int64_t Milliseconds(const std::string& text);
// "a,b"; nothing for "".
[[nodiscard]] std::vector<std::string> List(const std::string& text);
// "start@0", "start:digest-20:build:class@20" (loaded; by which build, on which class), "metric:loss=2@1",
// "audit:1:ok", "progress:200@3", "result:invalid".
[[nodiscard]] TrainerEvent EventOf(const std::string& text, uint64_t seq);

// The parameter that a submit line varies, and its sweep file.
[[nodiscard]] std::string ParameterOf(const ScriptWords& words);
[[nodiscard]] std::string SweepText(const ScriptWords& words);

}  // namespace plasa::coordinator
