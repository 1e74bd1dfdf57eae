#include "cli/help.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plasa::cli {
namespace {

std::string OptionLines(const std::vector<ArgumentHelp>& options) {
  size_t width = 0;
  std::vector<std::string> names;
  for (const ArgumentHelp& option : options) {
    names.push_back(option.value.empty() ? option.name : absl::StrCat(option.name, " ", option.value));
    width = std::max(width, names.back().size());
  }
  std::string out;
  for (size_t i = 0; i < options.size(); ++i) {
    absl::StrAppendFormat(&out, "  %-*s  %s\n", static_cast<int>(width), names[i], options[i].text);
  }
  return out;
}

std::string VerbLines(const std::vector<Verb>& verbs, absl::string_view prefix) {
  std::string out;
  for (const Verb& verb : verbs) {
    if (absl::StartsWith(verb.name, prefix)) absl::StrAppendFormat(&out, "  %-14s %s\n", verb.name, verb.summary);
  }
  return out;
}

std::string UsageLine(const Verb& verb, const std::vector<ArgumentHelp>& options) {
  std::string out = absl::StrCat("Usage: plasactl ", verb.name);
  for (const ArgumentHelp& option : options) {
    if (option.positional) absl::StrAppend(&out, " ", option.name);
  }
  return out + " [options]\n";
}

}  // namespace

std::string OverviewHelp(const std::vector<Verb>& verbs) {
  return absl::StrCat(
      "plasactl: experiment grids that tell the truth\n\nExamples:\n"
      "  plasactl up                          coordinator and worker on this machine\n"
      "  plasactl submit demo --watch         queue the built-in demo grid and look on\n"
      "  plasactl show last                   its trials and results\n"
      "  plasactl report last -o results      the result tree with its figure\n\nVerbs:\n",
      VerbLines(verbs, ""), "\n`plasactl VERB --help` shows a verb's examples and options.\n");
}

std::string GroupHelp(const std::vector<Verb>& verbs, const std::string& group) {
  return absl::StrCat("plasactl ", group, ": one of\n", VerbLines(verbs, group + " "));
}

std::string VerbHelp(const Verb& verb, const std::vector<ArgumentHelp>& options,
                     const std::vector<ArgumentHelp>& globals) {
  std::string out = absl::StrCat(verb.summary, "\n\nExamples:\n", verb.examples, "\n", UsageLine(verb, options));
  absl::StrAppend(&out, OptionLines(options));
  return absl::StrCat(out, "\nEverywhere:\n", OptionLines(globals));
}

}  // namespace plasa::cli
