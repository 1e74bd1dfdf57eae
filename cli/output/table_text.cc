#include <algorithm>

#include "cli/output/printer.h"

namespace plasa::cli {
namespace {

using Row = std::vector<TableCell>;

std::vector<size_t> Widths(const Table& table) {
  std::vector<size_t> widths;
  for (const Column& column : table.columns) widths.push_back(DisplayWidth(column.title));
  for (const Row& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(Harmless(row[i].text)));
  }
  return widths;
}

std::string Aligned(const std::string& text, size_t width, bool right, const std::string& painted) {
  const std::string pad(width - std::min(width, DisplayWidth(text)), ' ');
  return right ? pad + painted : painted + pad;
}

std::string LineText(const Table& table, const Row& row, const std::vector<size_t>& widths, bool wide,
                     const Terminal& terminal) {
  std::string line;
  for (size_t i = 0; i < row.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.wide && !wide) continue;
    const std::string text = Harmless(row[i].text);
    if (!line.empty()) line += "  ";
    line += Aligned(text, widths[i], column.right, terminal.Paint(text, row[i].color));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::string TableText(const Table& table, bool wide, const Terminal& terminal) {
  if (table.columns.empty()) return "";
  const std::vector<size_t> widths = Widths(table);
  Row header;
  for (const Column& column : table.columns) header.emplace_back(column.title, Color::kBold);
  std::string out = LineText(table, header, widths, wide, terminal);
  for (const Row& row : table.rows) out += LineText(table, row, widths, wide, terminal);
  return out;
}

}  // namespace plasa::cli
