#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/command_line.h"
#include "cli/context.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string shell;
};

// "--name" words of one verb.
std::vector<std::string> LongNames(const std::vector<ArgumentHelp>& options) {
  std::vector<std::string> out;
  for (const ArgumentHelp& option : options) {
    const std::vector<std::string> names = absl::StrSplit(option.name, ',');
    for (const std::string& name : names) {
      if (name.starts_with("--")) out.push_back(name);
    }
  }
  return out;
}

std::string BashScript() {
  std::set<std::string> verbs;
  std::map<std::string, std::set<std::string>> words;
  for (const VerbOptions& entry : OptionsOf(AllVerbs())) {
    const std::vector<std::string> parts = absl::StrSplit(entry.verb, ' ');
    verbs.insert(parts[0]);
    for (const std::string& name : LongNames(entry.options)) words[parts[0]].insert(name);
    if (parts.size() > 1) words[parts[0]].insert(parts[1]);
  }
  std::string cases;
  for (const auto& [verb, names] : words) {
    absl::StrAppend(&cases, "    ", verb, ") words=\"$words ", absl::StrJoin(names, " "), "\" ;;\n");
  }
  return absl::StrCat(
      "_plasactl() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]}\n"
      "  local words=\"--output --state --coordinator --token-file --timeout --color --quiet --help\"\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"",
      absl::StrJoin(verbs, " "), "\" -- \"$current\"))\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n", cases,
      "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$current\"))\n}\n"
      "complete -F _plasactl plasactl\n");
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  if (options.shell != "bash") {
    return Failure(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("there is no completion for \"", options.shell, "\""), "use: plasactl completion bash");
  }
  context.out().PrintRaw(BashScript());
  return ExitCode::kOk;
}

}  // namespace

Verb CompletionVerb() {
  return {"completion", "Print a completion script for bash", "  source <(plasactl completion bash)\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("SHELL", &options->shell, "bash");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
