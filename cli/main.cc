// plasactl: parse, run one verb, print its error, exit with its code.
#include <signal.h>

#include <iostream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/context.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

Printer MakePrinter(const Globals& globals, absl::Status* status) {
  Format format = Format::kTable;
  *status = ParseFormat(globals.format, &format);
  return Printer(format, globals.quiet, Terminal(globals.color), std::cout, std::cerr);
}

int Fail(Printer& printer, const absl::Status& status) {
  printer.PrintError(status);
  return static_cast<int>(ExitCodeOf(status));
}

int Main(const std::vector<std::string>& arguments) {
  Globals globals;
  const auto command = ParseCommandLine(AllVerbs(), arguments, &globals);
  absl::Status format_status;
  Printer printer = MakePrinter(globals, &format_status);
  if (!command.ok()) return Fail(printer, command.status());
  if (!command->help.empty()) {
    printer.PrintRaw(command->help);
    return static_cast<int>(ExitCode::kOk);
  }
  if (!format_status.ok()) return Fail(printer, format_status);
  Context context(globals, &printer);
  const auto exit = command->body(context);
  return exit.ok() ? static_cast<int>(*exit) : Fail(printer, exit.status());
}

}  // namespace
}  // namespace plasa::cli

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  return plasa::cli::Main(std::vector<std::string>(argv + 1, argv + argc));
}
