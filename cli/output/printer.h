// The one output layer of plasactl: results to stdout in the asked format, messages and errors to stderr.
#pragma once

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/output/terminal.h"
#include "cli/output/view.h"

namespace plasa::cli {

enum class Format { kTable, kWide, kJson, kJsonl, kCsv, kYaml, kName };

// The format of that name; INVALID_ARGUMENT lists the names.
[[nodiscard]] absl::Status ParseFormat(absl::string_view name, Format* format);

// Prints views. Owned by Context; used from the main thread only.
class Printer {
 public:
  // `quiet` prints names only in place of tables and drops messages.
  Printer(Format format, bool quiet, Terminal terminal, std::ostream& out, std::ostream& err);

  [[nodiscard]] Format format() const { return format_; }
  // Whether a person reads stdout: table or wide, not quiet.
  [[nodiscard]] bool for_people() const { return !quiet_ && (format_ == Format::kTable || format_ == Format::kWide); }
  [[nodiscard]] const Terminal& terminal() const { return terminal_; }

  // Whether the output is a line an item, so that a long view may be printed in parts.
  [[nodiscard]] bool by_lines() const { return format_ == Format::kCsv || format_ == Format::kJsonl; }

  void Print(const View& view);
  // The items that follow those of a view just printed, where by_lines().
  void PrintMore(const View& view);
  // Text that is the result itself (a log, a script, a token), the same in every format.
  void PrintRaw(absl::string_view text);
  // A line to stderr; dropped by --quiet.
  void Note(absl::string_view line);
  // An error: JSON to stdout where the format is JSON, and for people to stderr otherwise.
  void PrintError(const absl::Status& status);

 private:
  void PrintNames(const Table& table);
  void PrintCsvTitles(const Table& table);
  void PrintCsvRows(const Table& table);
  void PrintJsonLines(const View& view);

  const Format format_;
  const bool quiet_;
  const Terminal terminal_;
  std::ostream& out_;
  std::ostream& err_;
};

// `table` with aligned columns, a header, and two spaces between columns.
[[nodiscard]] std::string TableText(const Table& table, bool wide, const Terminal& terminal);

// One field of a CSV line, quoted where needed (RFC 4180).
[[nodiscard]] std::string CsvField(absl::string_view text);

}  // namespace plasa::cli
