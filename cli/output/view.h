// What a verb shows, once, in a shape that every output format can be made from.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/output/terminal.h"

namespace plasa::cli {

struct Column {
  std::string title;
  bool right = false;  // numbers
  bool wide = false;   // only with -o wide (and csv)
};

// One cell: what a person reads, and what csv gets where that differs (full precision).
struct TableCell {
  TableCell(std::string t) : text(std::move(t)) {}  // NOLINT: implicit by design
  TableCell(const char* t) : text(t) {}             // NOLINT
  TableCell(std::string t, Color c) : text(std::move(t)), color(c) {}
  TableCell(std::string t, std::string raw_text) : text(std::move(t)), raw(std::move(raw_text)) {}

  std::string text;
  std::string raw;  // empty: `text`
  Color color = Color::kNone;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<TableCell>> rows;
};

// A verb's whole answer. `json` is the one JSON value; jsonl prints the elements of its member `items`, or the value
// itself where that is empty; `name` prints column 0.
struct View {
  boost::json::object json;
  std::string items;
  std::string before;  // lines for people above the table
  Table table;
  std::string after;  // lines for people below it
};

}  // namespace plasa::cli
