// Help texts: examples first, then what can be said.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"

namespace plasa::cli {

[[nodiscard]] std::string OverviewHelp(const std::vector<Verb>& verbs);
[[nodiscard]] std::string GroupHelp(const std::vector<Verb>& verbs, const std::string& group);
[[nodiscard]] std::string VerbHelp(const Verb& verb, const std::vector<ArgumentHelp>& options,
                                   const std::vector<ArgumentHelp>& globals);

}  // namespace plasa::cli
