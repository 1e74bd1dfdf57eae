#include "cli/verbs/watch_view.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/output/text.h"
#include "cli/remote/words.h"
#include "cli/verbs/trial_view.h"

namespace plasa::cli {
namespace {

namespace pb = plasa::v1;

constexpr int kBarWidth = 10;
constexpr size_t kSparkWidth = 16;
constexpr size_t kStateWidth = 10;
constexpr size_t kLossWidth = 8;
constexpr size_t kHistory = 512;

// What the trials of one cell do together.
struct CellState {
  std::string cell;
  double progress = 0;
  int trials = 0;
  int ended = 0;
  int running = 0;
  int failed = 0;
  int pruned = 0;
  double loss = NAN;  // of the trial that moved last in grid order
};

double Progress(const pb::Trial& trial) {
  if (Ended(trial.state())) return 1;
  return trial.steps_total() > 0 ? static_cast<double>(trial.step()) / static_cast<double>(trial.steps_total()) : 0;
}

void Add(CellState* cell, const pb::Trial& trial, const std::string& metric) {
  ++cell->trials;
  cell->progress += Progress(trial);
  cell->ended += Ended(trial.state()) ? 1 : 0;
  cell->running += trial.state() == pb::TRIAL_RUNNING || trial.state() == pb::TRIAL_SUSPECT ? 1 : 0;
  const bool is_pruned = trial.state() == pb::TRIAL_PRUNED;
  cell->pruned += is_pruned ? 1 : 0;
  cell->failed += Ended(trial.state()) && trial.state() != pb::TRIAL_SUCCEEDED && !is_pruned ? 1 : 0;
  const double loss = MetricOf(trial, metric);
  if (!std::isnan(loss)) cell->loss = loss;
}

std::vector<CellState> Cells(const std::vector<pb::Trial>& trials, const std::string& metric) {
  std::vector<CellState> cells;
  for (const pb::Trial& trial : trials) {
    const auto same = [&trial](const CellState& cell) { return cell.cell == trial.cell(); };
    auto found = std::find_if(cells.begin(), cells.end(), same);
    if (found == cells.end()) found = cells.insert(found, CellState{trial.cell(), 0, 0, 0, 0, 0, 0, NAN});
    Add(&*found, trial, metric);
  }
  for (CellState& cell : cells) cell.progress /= cell.trials;
  return cells;
}

std::string StateText(const CellState& cell, const Terminal& terminal) {
  if (cell.failed > 0) return terminal.Paint(absl::StrCat(cell.failed, " failed"), Color::kRed);
  if (cell.ended == cell.trials && cell.pruned > 0) return terminal.Paint("pruned", Color::kGray);
  if (cell.ended == cell.trials) return terminal.Paint("done", Color::kGreen);
  if (cell.running > 0) return terminal.Paint(absl::StrCat(cell.running, " running"), Color::kBlue);
  return terminal.Paint("queued", Color::kGray);
}

std::string Padded(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, DisplayWidth(text)), ' ');
}

std::string Name(const CellState& cell) { return Harmless(FactorsOf(cell.cell).values); }

std::string CellLine(const CellState& cell, size_t name_width, const std::vector<double>& history,
                     const Terminal& terminal) {
  const Color color = cell.failed > 0 ? Color::kRed : cell.ended == cell.trials ? Color::kGreen : Color::kBlue;
  return absl::StrCat(Padded(Name(cell), name_width), "  ", terminal.Paint(BarText(cell.progress, kBarWidth), color),
                      absl::StrFormat(" %3.0f%%  ", 100 * cell.progress),
                      Padded(StateText(cell, terminal), kStateWidth), "  ",
                      Padded(std::isnan(cell.loss) ? "-" : Rounded(cell.loss), kLossWidth), "  ",
                      SparkText(history, kSparkWidth), "\n");
}

// What stands over the cells' columns.
std::string TitleLine(const std::string& factors, size_t name_width, const std::string& metric) {
  return absl::StrCat(Padded(factors, name_width), "  ", Padded("progress", kBarWidth + 5), "  ",
                      Padded("state", kStateWidth), "  ", Padded(metric, kLossWidth), "  train/loss");
}

// The first `width` columns of a line; escape sequences are kept whole.
std::string Clipped(const std::string& line, size_t width, const Terminal& terminal) {
  if (DisplayWidth(line) <= width + 1) return line;
  std::string out;
  size_t columns = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      const size_t end = std::min(line.find('m', i), line.size() - 1);
      out.append(line, i, end - i + 1);
      i = end;
      continue;
    }
    if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80 && ++columns > width) break;
    out += line[i];
  }
  return out + (terminal.colored() ? "\x1b[0m\n" : "\n");
}

std::string Headline(const pb::Sweep& sweep, const Terminal& terminal) {
  return absl::StrCat(Harmless(sweep.name()), " (", sweep.id(), ")  ", BarText(sweep.progress(), 24),
                      absl::StrFormat(" %.0f%%", 100 * sweep.progress()), "  ETA ", DurationText(sweep.eta_s()), "\n",
                      CountsText(sweep, terminal), "\n");
}

}  // namespace

void WatchView::Observe(const pb::Trial& trial, const std::string& metric) {
  double loss = MetricOf(trial, "train/loss");
  if (std::isnan(loss)) loss = MetricOf(trial, metric);
  if (std::isnan(loss) || last_step_[trial.id()] == trial.step()) return;
  last_step_[trial.id()] = trial.step();
  auto& history = history_[trial.cell()];
  history.push_back(loss);
  if (history.size() > kHistory) history.erase(history.begin());
}

std::string WatchView::Render(const pb::Sweep& sweep, const std::vector<pb::Trial>& trials, const Terminal& terminal,
                              int width, int height) const {
  std::vector<CellState> cells = Cells(trials, sweep.metric_name());
  const auto room = static_cast<size_t>(std::max(1, height - 5));
  if (cells.size() > room) {  // what runs is what one wants to see
    std::stable_partition(cells.begin(), cells.end(), [](const CellState& cell) { return cell.running > 0; });
  }
  const std::string factors = cells.empty() ? "" : Harmless(FactorsOf(cells.front().cell).names);
  size_t name_width = DisplayWidth(factors);
  for (const CellState& cell : cells) name_width = std::max(name_width, DisplayWidth(Name(cell)));
  const auto columns = static_cast<size_t>(width);
  std::string out = Headline(sweep, terminal);
  out += Clipped(terminal.Paint(TitleLine(factors, name_width, sweep.metric_name()), Color::kGray) + "\n", columns,
                 terminal);
  for (size_t i = 0; i < std::min(cells.size(), room); ++i) {
    const auto history = history_.find(cells[i].cell);
    const std::vector<double> values = history == history_.end() ? std::vector<double>() : history->second;
    out += Clipped(CellLine(cells[i], name_width, values, terminal), columns, terminal);
  }
  if (cells.size() > room) absl::StrAppend(&out, "and ", cells.size() - room, " more cells\n");
  return out;
}

std::string ChangeLine(const pb::Trial& trial, const std::string& metric) {
  std::string out =
      absl::StrCat(trial.id(), " ", CellText(trial.cell()), " seed ", trial.seed(), " ", StateWord(trial.state()));
  if (trial.steps_total() > 0) absl::StrAppend(&out, " ", trial.step(), "/", trial.steps_total());
  const double loss = MetricOf(trial, metric);
  if (!std::isnan(loss)) absl::StrAppend(&out, " ", metric, " ", Rounded(loss));
  const std::string cause = CauseWord(trial.cause());
  if (!cause.empty()) absl::StrAppend(&out, " ", cause);
  return Harmless(out);
}

}  // namespace plasa::cli
