#include "cli/drill/summary.h"

#include <boost/json/array.hpp>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace plasa::cli {
namespace {

std::string Repeat(const Summary& summary) {
  return absl::StrCat("plasactl drill --seed ", summary.seed, " --rounds ", summary.rounds);
}

boost::json::object SummaryJson(const Summary& summary) {
  boost::json::object faults;
  for (const auto& [kind, count] : summary.faults) faults[FaultWord(kind)] = count;
  boost::json::object points{
      {"expected", summary.points}, {"lost", summary.lost}, {"doubled", summary.doubled}, {"changed", summary.changed}};
  boost::json::value evidence = nullptr;
  if (!summary.evidence.empty()) evidence = boost::json::string(summary.evidence);
  return {{"v", 1},
          {"ok", summary.ok()},
          {"seed", summary.seed},
          {"rounds", summary.rounds},
          {"equal", summary.equal},
          {"trials", summary.trials},
          {"attempts", summary.attempts},
          {"resumed", summary.resumed},
          {"points", std::move(points)},
          {"faults", std::move(faults)},
          {"seconds", summary.seconds},
          {"differences", boost::json::array(summary.differences.begin(), summary.differences.end())},
          {"evidence", std::move(evidence)}};
}

TableCell Good(uint64_t number, bool good) { return {absl::StrCat(number), good ? Color::kGreen : Color::kRed}; }

std::string LastWords(const Summary& summary) {
  if (summary.ok()) {
    return absl::StrCat("\nWhatever was killed, every result is that of the undisturbed run, byte for byte. Again: ",
                        Repeat(summary), "\n");
  }
  std::string text = "\nThe results differ from those of the undisturbed run:\n";
  for (const std::string& difference : summary.differences) absl::StrAppend(&text, "  ", difference, "\n");
  return absl::StrCat(text, "The evidence is kept in ", summary.evidence, "\nRepeat it with: ", Repeat(summary), "\n");
}

}  // namespace

void Summary::Add(const Outcome& outcome, const Judgement& judgement) {
  ++rounds;
  equal += judgement.equal() ? 1 : 0;
  trials += outcome.trials.size();
  for (const Outcome::Trial& trial : outcome.trials) {
    attempts += trial.attempts;
    resumed += trial.resumed;
  }
  points += judgement.points;
  lost += judgement.lost;
  doubled += judgement.doubled;
  changed += judgement.changed;
  for (const std::string& sentence : judgement.sentences) {
    differences.push_back(absl::StrCat("round ", rounds, ": ", sentence));
  }
}

void Summary::AddBroken(const std::string& why) {
  ++rounds;
  differences.push_back(absl::StrCat("round ", rounds, ": ", why));
}

View SummaryView(const Summary& summary) {
  View view;
  view.json = SummaryJson(summary);
  view.table.columns = {{"PROVED"}, {"COUNT", true}};
  auto& rows = view.table.rows;
  const uint32_t struck = std::accumulate(summary.faults.begin(), summary.faults.end(), 0u,
                                          [](uint32_t sum, const auto& fault) { return sum + fault.second; });
  rows.push_back({"rounds", absl::StrCat(summary.rounds)});
  rows.push_back({"faults", absl::StrCat(struck)});
  for (const auto& [kind, count] : summary.faults) rows.push_back({"  " + FaultWord(kind), absl::StrCat(count)});
  rows.push_back({"trials", absl::StrCat(summary.trials)});
  rows.push_back({"attempts", absl::StrCat(summary.attempts)});
  rows.push_back({"  resumed from a checkpoint", absl::StrCat(summary.resumed)});
  rows.push_back({"results equal", TableCell(absl::StrCat(summary.equal, " of ", summary.rounds),
                                             summary.ok() ? Color::kGreen : Color::kRed)});
  rows.push_back({"points", absl::StrCat(summary.points)});
  rows.push_back({"  lost", Good(summary.lost, summary.lost == 0)});
  rows.push_back({"  doubled", Good(summary.doubled, summary.doubled == 0)});
  rows.push_back({"  changed", Good(summary.changed, summary.changed == 0)});
  view.after = LastWords(summary);
  return view;
}

}  // namespace plasa::cli
