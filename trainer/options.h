// Words of a command line: `--name value` pairs behind a verb.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace plasa::trainer {

// Options by name (without dashes) and the words that belong to none.
struct Options {
  std::map<std::string, std::string> named;
  std::vector<std::string> plain;

  // The value of an option, or `otherwise`.
  [[nodiscard]] std::string Get(const std::string& name, const std::string& otherwise) const {
    const auto it = named.find(name);
    return it == named.end() ? otherwise : it->second;
  }
};

// Reads `words`; each option of `known` takes a value ("--name value", "--name=value", "-n value"). Fails on others.
[[nodiscard]] Result<Options> ParseOptions(const std::vector<std::string>& words,
                                           const std::vector<std::string>& known);

}  // namespace plasa::trainer
