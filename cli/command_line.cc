// The only translation unit that includes CLI11.
#include "cli/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/help.h"
#include "cli/output/suggest.h"
#include "cli/output/text.h"

namespace plasa::cli {

class Arguments::Parser {
 public:
  explicit Parser(CLI::App* target) : app(target) {}
  CLI::App* const app;
};

void Arguments::Required(std::string name, std::string* value, std::string text) {
  parser_->app->add_option(name, *value)->required();
  help_.push_back({std::move(name), "", std::move(text), true});
}

void Arguments::Required(std::string name, int64_t* value, std::string text) {
  parser_->app->add_option(name, *value)->required();
  help_.push_back({std::move(name), "", std::move(text), true});
}

void Arguments::Optional(std::string name, std::string* value, std::string text) {
  parser_->app->add_option(name, *value);
  help_.push_back({"[" + name + "]", "", std::move(text), true});
}

void Arguments::Flag(std::string name, bool* value, std::string text) {
  parser_->app->add_flag(name, *value);
  help_.push_back({std::move(name), "", std::move(text), false});
}

void Arguments::Option(std::string name, std::string value_name, std::string* value, std::string text) {
  parser_->app->add_option(name, *value);
  help_.push_back({std::move(name), std::move(value_name), std::move(text), false});
}

void Arguments::Option(std::string name, std::string value_name, int64_t* value, std::string text) {
  parser_->app->add_option(name, *value);
  help_.push_back({std::move(name), std::move(value_name), std::move(text), false});
}

void Arguments::Option(std::string name, std::string value_name, std::vector<std::string>* values, std::string text) {
  parser_->app->add_option(name, *values)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  help_.push_back({std::move(name), std::move(value_name), std::move(text), false});
}

void Arguments::Duration(std::string name, double* seconds, std::string text) {
  const auto parse = [seconds](const CLI::results_t& results) {
    const auto parsed = ParseDuration(results.front());
    if (parsed) *seconds = *parsed;
    return parsed.has_value();
  };
  parser_->app->add_option(name, parse)->expected(1);
  help_.push_back({std::move(name), "SECONDS", std::move(text), false});
}

namespace {

// A verb attached to its CLI11 app.
struct Attached {
  const Verb* verb;
  Body body;
  std::vector<ArgumentHelp> help;
};

void DeclareGlobals(Arguments& a, Globals* globals) {
  a.Option("-o,--output", "FORMAT", &globals->format, "table, wide, json, jsonl, csv, yaml or name");
  a.Option("--state", "DIR", &globals->coordinator.state, "state directory (else PLASA_STATE, else the XDG data home)");
  a.Option("--coordinator", "HOST:PORT", &globals->coordinator.coordinator, "a coordinator elsewhere");
  a.Option("--token-file", "FILE", &globals->coordinator.token_file, "the token for it");
  a.Duration("--timeout", &globals->timeout_s, "limit of one call (10 s)");
  a.Option("--color", "WHEN", &globals->color, "auto, always or never");
  a.Flag("-q,--quiet", &globals->quiet, "names only, no messages");
}

// The whole command line: the CLI11 tree and what belongs to each of its leaves.
class Tree {
 public:
  Tree(const std::vector<Verb>& verbs, Globals* globals) : verbs_(verbs) {
    root_.name("plasactl");
    root_.set_help_flag("-h,--help");
    Arguments::Parser parser(&root_);
    Arguments arguments(&parser);
    DeclareGlobals(arguments, globals);
    globals_help_ = arguments.help();
    for (const Verb& verb : verbs) Attach(verb);
  }

  absl::StatusOr<Command> Parse(std::vector<std::string> arguments);
  [[nodiscard]] const std::map<const CLI::App*, Attached>& leaves() const { return leaves_; }

 private:
  void Attach(const Verb& verb);
  // The deepest app that was named on the command line.
  const CLI::App* Named() const;
  std::string HelpFor(const CLI::App* app) const;
  absl::Status Explain(const CLI::Error& error, const std::vector<std::string>& arguments) const;
  std::string UnknownHint(const CLI::App* app, const std::string& word) const;

  const std::vector<Verb>& verbs_;
  CLI::App root_;
  std::vector<ArgumentHelp> globals_help_;
  std::map<const CLI::App*, Attached> leaves_;
};

void Tree::Attach(const Verb& verb) {
  CLI::App* app = &root_;
  const std::vector<std::string> words = absl::StrSplit(verb.name, ' ');
  for (const std::string& word : words) {
    const auto known = app->get_subcommands([&word](const CLI::App* child) { return child->get_name() == word; });
    app = known.empty() ? app->add_subcommand(word) : known.front();
    app->fallthrough();
    app->set_help_flag("-h,--help");
  }
  Arguments::Parser parser(app);
  Arguments arguments(&parser);
  Body body = verb.declare(arguments);
  leaves_[app] = {&verb, std::move(body), arguments.help()};
}

const CLI::App* Tree::Named() const {
  const CLI::App* app = &root_;
  for (auto subcommands = app->get_subcommands(); !subcommands.empty(); subcommands = app->get_subcommands()) {
    app = subcommands.front();
  }
  return app;
}

std::string Tree::HelpFor(const CLI::App* app) const {
  if (app == &root_) return OverviewHelp(verbs_);
  const auto leaf = leaves_.find(app);
  if (leaf == leaves_.end()) return GroupHelp(verbs_, app->get_name());
  return VerbHelp(*leaf->second.verb, leaf->second.help, globals_help_);
}

std::string Tree::UnknownHint(const CLI::App* app, const std::string& word) const {
  std::vector<std::string> known;
  if (word.starts_with("-")) {
    for (const CLI::App* level : {app, &root_}) {
      for (const CLI::Option* option : level->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      }
    }
  } else {
    for (const CLI::App* child : app->get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(child->get_name());
    }
  }
  const std::string name = word.substr(0, word.find('='));
  const std::string near = Nearest(name, known);
  if (!near.empty()) return absl::StrCat("did you mean ", near, "?");
  return "`plasactl " + (app == &root_ ? std::string() : app->get_name() + " ") + "--help` shows what there is";
}

absl::Status Tree::Explain(const CLI::Error& error, const std::vector<std::string>& arguments) const {
  const CLI::App* app = Named();
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    const auto extras = root_.remaining(true);
    const std::string word = extras.empty() ? arguments.back() : extras.front();
    const std::string kind = word.starts_with("-") ? "option" : (leaves_.contains(app) ? "argument" : "verb");
    return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("unknown ", kind, " \"", word, "\""),
                   UnknownHint(app, word));
  }
  return Failure(
      absl::StatusCode::kInvalidArgument, error.what(),
      absl::StrCat("`plasactl ", app == &root_ ? "" : app->get_name() + " ", "--help` shows how it is used"));
}

absl::StatusOr<Command> Tree::Parse(std::vector<std::string> arguments) {
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    root_.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return Command{nullptr, HelpFor(Named())};
  } catch (const CLI::Error& error) {
    return Explain(error, arguments);
  }
  const CLI::App* app = Named();
  const auto leaf = leaves_.find(app);
  if (leaf != leaves_.end()) return Command{leaf->second.body, ""};
  if (app == &root_ && arguments.empty()) return Command{nullptr, HelpFor(app)};
  return Failure(absl::StatusCode::kInvalidArgument, "a verb is missing", HelpFor(app));
}

}  // namespace

absl::StatusOr<Command> ParseCommandLine(const std::vector<Verb>& verbs, const std::vector<std::string>& arguments,
                                         Globals* globals) {
  return Tree(verbs, globals).Parse(arguments);
}

std::vector<VerbOptions> OptionsOf(const std::vector<Verb>& verbs) {
  Globals unused;
  const Tree tree(verbs, &unused);
  std::vector<VerbOptions> out;
  for (const auto& [app, leaf] : tree.leaves()) out.push_back({leaf.verb->name, leaf.help});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.verb < b.verb; });
  return out;
}

}  // namespace plasa::cli
