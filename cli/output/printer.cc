#include "cli/output/printer.h"

#include <boost/json/array.hpp>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/output/json_text.h"

namespace plasa::cli {
namespace {

struct FormatName {
  absl::string_view name;
  Format format;
};
constexpr FormatName kFormats[] = {{"table", Format::kTable}, {"wide", Format::kWide}, {"json", Format::kJson},
                                   {"jsonl", Format::kJsonl}, {"csv", Format::kCsv},   {"yaml", Format::kYaml},
                                   {"name", Format::kName}};

boost::json::object ErrorJson(const absl::Status& status) {
  return {{"error",
           {{"code", std::string(ErrorWord(status))},
            {"message", std::string(status.message())},
            {"hint", HintOf(status)}}}};
}

}  // namespace

absl::Status ParseFormat(absl::string_view name, Format* format) {
  for (const FormatName& entry : kFormats) {
    if (entry.name != name) continue;
    *format = entry.format;
    return absl::OkStatus();
  }
  return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("-o: there is no output format \"", name, "\""),
                 "use table, wide, json, jsonl, csv, yaml or name");
}

Printer::Printer(Format format, bool quiet, Terminal terminal, std::ostream& out, std::ostream& err)
    : format_(format), quiet_(quiet), terminal_(terminal), out_(out), err_(err) {}

void Printer::Print(const View& view) {
  switch (format_) {
    case Format::kJson:
      out_ << JsonText(view.json) << '\n';
      break;
    case Format::kYaml:
      out_ << YamlText(view.json);
      break;
    case Format::kJsonl:
      PrintJsonLines(view);
      break;
    case Format::kCsv:
      PrintCsvTitles(view.table);
      PrintCsvRows(view.table);
      break;
    case Format::kName:
      PrintNames(view.table);
      break;
    case Format::kTable:
    case Format::kWide:
      if (quiet_) {
        PrintNames(view.table);
      } else {
        out_ << view.before << TableText(view.table, format_ == Format::kWide, terminal_) << view.after;
      }
  }
  out_.flush();
}

void Printer::PrintMore(const View& view) {
  if (format_ == Format::kCsv) {
    PrintCsvRows(view.table);
    out_.flush();
  } else {
    Print(view);
  }
}

void Printer::PrintRaw(absl::string_view text) { (out_ << text).flush(); }

void Printer::Note(absl::string_view line) {
  if (!quiet_) err_ << line << std::endl;
}

void Printer::PrintError(const absl::Status& status) {
  if (format_ == Format::kJson || format_ == Format::kJsonl) {
    out_ << JsonText(ErrorJson(status)) << std::endl;
    return;
  }
  err_ << terminal_.Paint("plasactl: ", Color::kNone) << Harmless(status.message(), true) << '\n';
  const std::string hint = HintOf(status);
  if (!hint.empty()) err_ << "  " << Harmless(hint, true) << '\n';
  err_.flush();
}

void Printer::PrintNames(const Table& table) {
  for (const auto& row : table.rows) out_ << row.front().text << '\n';
}

void Printer::PrintCsvTitles(const Table& table) {
  std::string line;
  for (const Column& column : table.columns) absl::StrAppend(&line, line.empty() ? "" : ",", CsvField(column.title));
  out_ << line << '\n';
}

void Printer::PrintCsvRows(const Table& table) {
  std::string line;
  for (const auto& row : table.rows) {
    line.clear();
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : ",", CsvField(row[i].raw.empty() ? row[i].text : row[i].raw));
    }
    out_ << line << '\n';
  }
}

void Printer::PrintJsonLines(const View& view) {
  const auto* items = view.items.empty() ? nullptr : view.json.if_contains(view.items);
  if (items == nullptr || !items->is_array()) {
    out_ << JsonText(view.json) << '\n';
    return;
  }
  for (const auto& item : items->get_array()) out_ << JsonText(item) << '\n';
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace plasa::cli
