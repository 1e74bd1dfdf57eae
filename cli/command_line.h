// From argv to a verb ready to run.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/globals.h"

namespace plasa::cli {

// What argv asks for: a verb's body to run, or help text to print.
struct Command {
  Body body;
  std::string help;
};

// Parses argv against `verbs`. INVALID_ARGUMENT with a suggestion where it fits none. `globals` is filled also when
// parsing fails, as far as it got, so that the error is printed in the asked format.
[[nodiscard]] absl::StatusOr<Command> ParseCommandLine(const std::vector<Verb>& verbs,
                                                       const std::vector<std::string>& arguments, Globals* globals);

// The options of each verb by name, for completion.
struct VerbOptions {
  std::string verb;
  std::vector<ArgumentHelp> options;
};
[[nodiscard]] std::vector<VerbOptions> OptionsOf(const std::vector<Verb>& verbs);

}  // namespace plasa::cli
