#include "cli/output/printer.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <sstream>

#include "cli/output/exit_code.h"

namespace plasa::cli {
namespace {

View Sample() {
  View view;
  view.json = {{"v", 1}, {"rows", {boost::json::object{{"id", "a"}}, boost::json::object{{"id", "b"}}}}};
  view.items = "rows";
  view.before = "Two rows\n";
  view.table.columns = {{"ID"}, {"LOSS", true}, {"HOST", false, true}};
  view.table.rows = {{"a", TableCell("2.5", std::string("2.5000001")), "h,1"}, {"bbb", "10", "h2"}};
  return view;
}

struct Printed {
  std::string out;
  std::string err;
};

template <class Fn>
Printed With(Format format, bool quiet, Fn fn) {
  std::ostringstream out;
  std::ostringstream err;
  Printer printer(format, quiet, Terminal("never"), out, err);
  fn(printer);
  return {out.str(), err.str()};
}

std::string Print(Format format, bool quiet = false) {
  return With(format, quiet, [](Printer& printer) { printer.Print(Sample()); }).out;
}

TEST(Printer, TableAlignsAndHidesWideColumns) {
  EXPECT_EQ(Print(Format::kTable), "Two rows\nID   LOSS\na     2.5\nbbb    10\n");
}

TEST(Printer, WideShowsAll) {
  EXPECT_EQ(Print(Format::kWide), "Two rows\nID   LOSS  HOST\na     2.5  h,1\nbbb    10  h2\n");
}

TEST(Printer, JsonIsOneLine) {
  EXPECT_EQ(Print(Format::kJson), "{\"v\":1,\"rows\":[{\"id\":\"a\"},{\"id\":\"b\"}]}\n");
}

TEST(Printer, JsonLinesIsALineAnItem) { EXPECT_EQ(Print(Format::kJsonl), "{\"id\":\"a\"}\n{\"id\":\"b\"}\n"); }

TEST(Printer, CsvHasFullPrecisionAndQuotes) {
  EXPECT_EQ(Print(Format::kCsv), "ID,LOSS,HOST\na,2.5000001,\"h,1\"\nbbb,10,h2\n");
}

TEST(Printer, PartsOfALongViewShareOneLineOfTitles) {
  const auto twice = [](Printer& printer) {
    printer.Print(Sample());
    printer.PrintMore(Sample());
  };
  EXPECT_EQ(With(Format::kCsv, false, twice).out,
            "ID,LOSS,HOST\na,2.5000001,\"h,1\"\nbbb,10,h2\na,2.5000001,\"h,1\"\nbbb,10,h2\n");
  EXPECT_EQ(With(Format::kJsonl, false, twice).out, Print(Format::kJsonl) + Print(Format::kJsonl));
}

TEST(Printer, NamesOnly) {
  EXPECT_EQ(Print(Format::kName), "a\nbbb\n");
  EXPECT_EQ(Print(Format::kTable, true), "a\nbbb\n");
}

TEST(Printer, ErrorForPeopleGoesToStderr) {
  const Printed printed = With(Format::kTable, false, [](Printer& printer) {
    printer.PrintError(Failure(absl::StatusCode::kNotFound, "no sweep", "list them"));
  });
  EXPECT_EQ(printed.out, "");
  EXPECT_EQ(printed.err, "plasactl: no sweep\n  list them\n");
}

TEST(Printer, ErrorAsJson) {
  const Printed printed = With(Format::kJson, false, [](Printer& printer) {
    printer.PrintError(Failure(absl::StatusCode::kUnavailable, "away", "start it"));
  });
  EXPECT_EQ(printed.out, "{\"error\":{\"code\":\"unavailable\",\"message\":\"away\",\"hint\":\"start it\"}}\n");
  EXPECT_EQ(printed.err, "");
}

TEST(Printer, QuietDropsNotes) {
  const auto note = [](Printer& printer) { printer.Note("hello"); };
  EXPECT_EQ(With(Format::kTable, true, note).err, "");
  EXPECT_EQ(With(Format::kTable, false, note).err, "hello\n");
}

TEST(Printer, ColoursOnlyWhereAsked) {
  EXPECT_EQ(Terminal("always").Paint("x", Color::kRed), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Terminal("never").Paint("x", Color::kRed), "x");
}

TEST(Printer, HostileTextCannotDriveTheTerminal) {
  View view;
  view.table.columns = {{"NAME"}};
  view.table.rows = {{"a\x1b[2Jb\nc"}};
  const auto print = [&view](Printer& printer) { printer.Print(view); };
  EXPECT_EQ(With(Format::kTable, false, print).out, "NAME\na[2Jb c\n");
}

TEST(ParseFormat, RefusesOthers) {
  Format format = Format::kTable;
  EXPECT_TRUE(ParseFormat("csv", &format).ok());
  EXPECT_EQ(format, Format::kCsv);
  EXPECT_EQ(ExitCodeOf(ParseFormat("xml", &format)), ExitCode::kUsage);
}

}  // namespace
}  // namespace plasa::cli
