// How a verb declares its command line. CLI11 stays behind this header (it costs 10 s a translation unit).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/output/exit_code.h"

namespace plasa::cli {

class Context;

// What a verb does once its options are parsed.
using Body = std::function<absl::StatusOr<ExitCode>(Context&)>;

// One declared option or positional, as help and completion show it.
struct ArgumentHelp {
  std::string name;   // "-o,--output" or "SWEEP"
  std::string value;  // "FORMAT"; empty for a flag
  std::string text;
  bool positional = false;
};

// The options of one verb. The bound variables must outlive parsing (verbs keep them in a shared options struct).
class Arguments {
 public:
  class Parser;  // wraps a CLI11 app
  explicit Arguments(Parser* parser) : parser_(parser) {}

  void Required(std::string name, std::string* value, std::string text);
  void Required(std::string name, int64_t* value, std::string text);
  void Optional(std::string name, std::string* value, std::string text);
  void Flag(std::string name, bool* value, std::string text);
  void Option(std::string name, std::string value_name, std::string* value, std::string text);
  void Option(std::string name, std::string value_name, int64_t* value, std::string text);
  void Option(std::string name, std::string value_name, std::vector<std::string>* values, std::string text);
  // Seconds, or "30s", "5m", "2h".
  void Duration(std::string name, double* seconds, std::string text);

  [[nodiscard]] const std::vector<ArgumentHelp>& help() const { return help_; }

 private:
  Parser* parser_;
  std::vector<ArgumentHelp> help_;
};

// One verb of plasactl: a row of the table in verbs.cc.
struct Verb {
  std::string name;  // "submit", "worker list"
  std::string summary;
  std::string examples;  // whole lines
  Body (*declare)(Arguments& arguments);
};

}  // namespace plasa::cli
