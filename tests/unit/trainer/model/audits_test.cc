// All audits, as docs/science.md tells them; a minute.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "trainer/audit/attempt_audits.h"
#include "trainer/data/text.h"
#include "trainer/model/model.h"

namespace plasa::trainer {
namespace {

// A row of the table: | # | audit | figure | pass |.
struct Row {
  int number = 0;
  std::string figure;  // commas and spaces removed
};

std::vector<Row> RowsOf(const std::string& page) {
  std::vector<Row> rows;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || std::isdigit(line[2]) == 0) continue;
    std::istringstream cells(line);
    std::string empty, number, audit, figure;
    std::getline(std::getline(std::getline(std::getline(cells, empty, '|'), number, '|'), audit, '|'), figure, '|');
    std::erase_if(figure, [](char c) { return c == ',' || c == ' '; });
    rows.push_back({std::stoi(number), figure});
  }
  return rows;
}

bool IsWhole(const std::string& figure) {
  return std::all_of(figure.begin(), figure.end(), [](char c) { return std::isdigit(c) != 0; });
}

TEST(AllAudits, AStrictConfigurationPassesAsThePageSays) {
  const auto page = ReadWholeFile("docs/science.md");
  ASSERT_TRUE(page.ok()) << page.error().Text();
  const std::vector<Row> rows = RowsOf(*page);
  PrepareProcess(1);
  RunSpec spec;
  spec.config = *ResolveConfig(Value::Object{{"preset", "demo"}});
  spec.data = TaskSpec{};
  const auto audits = AllAudits(spec, PLASA_TRAINER);
  ASSERT_TRUE(audits.ok()) << audits.error().Text();
  ASSERT_EQ(audits->size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const AuditResult& a = (*audits)[i];
    EXPECT_TRUE(a.passed) << a.number << " " << a.name << " " << a.figure << " " << a.message;
    EXPECT_EQ(a.number, rows[i].number) << a.name;
    if (IsWhole(rows[i].figure)) {
      EXPECT_EQ(a.figure, std::stod(rows[i].figure)) << a.name;
    }
  }
}

}  // namespace
}  // namespace plasa::trainer
