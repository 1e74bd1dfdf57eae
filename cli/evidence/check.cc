#include "cli/evidence/check.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

const char* Word(CheckResult result) {
  switch (result) {
    case CheckResult::kEqual:
      return "equal";
    case CheckResult::kWithin:
      return "within tolerance";
    case CheckResult::kDiffers:
      return "differs";
    case CheckResult::kRefused:
      return "refused";
    case CheckResult::kSkipped:
      return "skipped";
  }
  return "";
}

Color ColorOf(CheckResult result) {
  if (result == CheckResult::kEqual || result == CheckResult::kWithin) return Color::kGreen;
  return result == CheckResult::kSkipped ? Color::kGray : Color::kRed;
}

Check Ended(std::string name, CheckResult result, std::string why) {
  Check check{std::move(name), 0, result, {}};
  check.details.push_back(std::move(why));
  return check;
}

// The first sentence, and how many more there are.
std::string Summary(const Check& check) {
  if (check.details.empty()) return "";
  const size_t more = check.details.size() - 1;
  return check.details.front() + (more == 0 ? "" : absl::StrCat(" (and ", more, " more)"));
}

}  // namespace

Check Skipped(std::string name, std::string why) {
  return Ended(std::move(name), CheckResult::kSkipped, std::move(why));
}

Check Refused(std::string name, std::string why) {
  return Ended(std::move(name), CheckResult::kRefused, std::move(why));
}

bool AllHold(const std::vector<Check>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const Check& check) {
    return check.result != CheckResult::kDiffers && check.result != CheckResult::kRefused;
  });
}

View ChecksView(const std::string& sweep, const std::vector<Check>& checks) {
  View view;
  json::array list;
  view.table.columns = {{"CHECK"}, {"COMPARED", true}, {"RESULT"}, {"DETAIL"}};
  for (const Check& check : checks) {
    list.push_back({{"check", check.name},
                    {"compared", check.compared},
                    {"result", Word(check.result)},
                    {"details", json::array(check.details.begin(), check.details.end())}});
    view.table.rows.push_back({check.name, absl::StrCat(check.compared),
                               TableCell(Word(check.result), ColorOf(check.result)), Harmless(Summary(check))});
  }
  view.json = {{"v", 1}, {"ok", AllHold(checks)}, {"sweep", sweep}, {"checks", std::move(list)}};
  view.items = "checks";
  return view;
}

}  // namespace plasa::cli
