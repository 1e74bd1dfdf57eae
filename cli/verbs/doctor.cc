#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/verbs/doctor_checks.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

using Grade = Finding::Grade;

std::string GradeWord(Grade grade) {
  return grade == Grade::kGood ? "ok" : grade == Grade::kWarning ? "warning" : "problem";
}

Color GradeColor(Grade grade) {
  return grade == Grade::kGood ? Color::kGreen : grade == Grade::kWarning ? Color::kYellow : Color::kRed;
}

absl::StatusOr<ExitCode> Run(Context& context) {
  std::vector<Finding> findings = CheckPrograms();
  for (Finding& finding : CheckState(context.state_dir())) findings.push_back(std::move(finding));
  for (Finding& finding : CheckService(context)) findings.push_back(std::move(finding));
  View view;
  boost::json::array items;
  bool bad = false;
  view.table.columns = {{"CHECK"}, {"RESULT"}, {"FOUND"}, {"WHAT TO DO"}};
  for (const Finding& finding : findings) {
    bad = bad || finding.grade == Grade::kBad;
    items.push_back({{"check", finding.check},
                     {"result", GradeWord(finding.grade)},
                     {"found", finding.found},
                     {"mend", finding.mend}});
    view.table.rows.push_back(
        {finding.check, TableCell(GradeWord(finding.grade), GradeColor(finding.grade)), finding.found, finding.mend});
  }
  view.json = {{"v", 1}, {"ok", !bad}, {"findings", std::move(items)}};
  view.items = "findings";
  context.out().Print(view);
  return bad ? ExitCode::kFailure : ExitCode::kOk;
}

}  // namespace

Verb DoctorVerb() {
  return {"doctor", "Check this machine and its coordinator, and say what to do", "  plasactl doctor\n",
          [](Arguments&) -> Body { return Run; }};
}

}  // namespace plasa::cli
