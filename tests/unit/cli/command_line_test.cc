#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/context.h"

namespace plasa::cli {
namespace {

struct Seen {
  std::string name;
  bool flag = false;
  std::vector<std::string> params;
  double timeout_s = 0;
};
Seen g_seen;

Body Declare(Arguments& a) {
  auto seen = std::make_shared<Seen>();
  a.Required("NAME", &seen->name, "what");
  a.Flag("--watch", &seen->flag, "look on");
  a.Option("-P,--param", "KEY=VALUES", &seen->params, "override");
  a.Duration("--timeout", &seen->timeout_s, "limit");
  return [seen](Context&) -> absl::StatusOr<ExitCode> {
    g_seen = *seen;
    return ExitCode::kOk;
  };
}

const std::vector<Verb>& Verbs() {
  static const auto& verbs = *new std::vector<Verb>{
      {"submit", "Queue", "  plasactl submit demo\n", Declare},
      {"worker list", "Show", "  plasactl worker list\n",
       [](Arguments&) -> Body { return [](Context&) -> absl::StatusOr<ExitCode> { return ExitCode::kPartial; }; }}};
  return verbs;
}

absl::StatusOr<Command> Parse(const std::vector<std::string>& arguments, Globals* globals) {
  return ParseCommandLine(Verbs(), arguments, globals);
}

absl::Status Refusal(const std::vector<std::string>& arguments) {
  Globals globals;
  return Parse(arguments, &globals).status();
}

TEST(CommandLine, VerbOptionsAndGlobalsInAnyOrder) {
  Globals globals;
  const auto command =
      Parse({"submit", "demo", "-P", "a=1", "-o", "json", "-P", "b=2,3", "--watch", "--state", "/s"}, &globals);
  ASSERT_TRUE(command.ok()) << command.status();
  Context context(globals, nullptr);
  EXPECT_EQ(*command->body(context), ExitCode::kOk);
  EXPECT_EQ(g_seen.name, "demo");
  EXPECT_TRUE(g_seen.flag);
  EXPECT_THAT(g_seen.params, testing::ElementsAre("a=1", "b=2,3"));
  EXPECT_EQ(globals.format, "json");
  EXPECT_EQ(globals.coordinator.state, "/s");
}

TEST(CommandLine, AVerbsOwnTimeoutIsNotTheGlobalOne) {
  Globals globals;
  const auto command = Parse({"--timeout", "3s", "submit", "demo", "--timeout", "2m"}, &globals);
  ASSERT_TRUE(command.ok()) << command.status();
  Context context(globals, nullptr);
  ASSERT_TRUE(command->body(context).ok());
  EXPECT_EQ(globals.timeout_s, 3);
  EXPECT_EQ(g_seen.timeout_s, 120);
}

TEST(CommandLine, VerbOfTwoWords) {
  Globals globals;
  const auto command = Parse({"worker", "list"}, &globals);
  ASSERT_TRUE(command.ok()) << command.status();
  Context context(globals, nullptr);
  EXPECT_EQ(*command->body(context), ExitCode::kPartial);
}

TEST(CommandLine, TyposGetASuggestion) {
  EXPECT_EQ(Refusal({"sumbit", "demo"}).message(), "unknown verb \"sumbit\"");
  EXPECT_EQ(HintOf(Refusal({"sumbit", "demo"})), "did you mean submit?");
  EXPECT_EQ(HintOf(Refusal({"submit", "demo", "--wtach"})), "did you mean --watch?");
  EXPECT_EQ(HintOf(Refusal({"worker", "lits"})), "did you mean list?");
}

TEST(CommandLine, EveryRefusalIsAUsageError) {
  const std::vector<std::vector<std::string>> refused = {
      {"nonsense"},         {"submit"}, {"submit", "demo", "extra"}, {"worker"}, {"--timeout", "x", "submit", "a"},
      {"submit", "a", "-P"}};
  for (const auto& arguments : refused) {
    EXPECT_EQ(ExitCodeOf(Refusal(arguments)), ExitCode::kUsage) << testing::PrintToString(arguments);
  }
}

TEST(CommandLine, FormatIsKnownEvenWhenParsingFails) {
  Globals globals;
  EXPECT_FALSE(Parse({"-o", "json", "submit", "demo", "extra"}, &globals).ok());
  EXPECT_EQ(globals.format, "json");
}

TEST(CommandLine, HelpLeadsWithExamples) {
  Globals globals;
  const auto verb = Parse({"submit", "--help"}, &globals);
  ASSERT_TRUE(verb.ok());
  EXPECT_LT(verb->help.find("plasactl submit demo"), verb->help.find("--watch"));
  const auto overview = Parse({}, &globals);
  ASSERT_TRUE(overview.ok());
  EXPECT_THAT(overview->help, testing::HasSubstr("worker list"));
}

TEST(OptionsOf, NamesEveryVerb) {
  const auto options = OptionsOf(Verbs());
  ASSERT_EQ(options.size(), 2u);
  EXPECT_EQ(options[0].verb, "submit");
  EXPECT_EQ(options[1].verb, "worker list");
}

}  // namespace
}  // namespace plasa::cli
