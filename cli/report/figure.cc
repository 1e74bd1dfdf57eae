#include "cli/report/figure.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/report/figure_panels.h"
#include "cli/report/records.h"

namespace plasa::cli {
namespace {

// Pixels.
constexpr double kWidth = 1800;
constexpr double kPanelHeight = 490;
constexpr double kTitleHeight = 50;
constexpr double kLegendRow = 31;
constexpr double kLetter = 9;       // of the legend's font, on average
constexpr double kSample = 90;      // line and mark before a legend's text
constexpr size_t kLegendText = 60;  // most letters of a label there

// How the drawing is cut up: two rows of panels, the legend below.
struct Layout {
  size_t legend_columns = 1;
  size_t legend_rows = 1;

  [[nodiscard]] double legend() const { return kLegendRow * static_cast<double>(legend_rows) + 34; }
  [[nodiscard]] double height() const { return kTitleHeight + 2 * kPanelHeight + legend(); }
};

std::string LegendText(const Series& series) {
  return absl::StrCat(series.number, series.number.empty() ? "" : "  ", Shortened(series.label, kLegendText));
}

Layout LayoutOf(const std::vector<Series>& series, bool more) {
  size_t longest = more ? 26 : 1;
  for (const Series& one : series) longest = std::max(longest, LegendText(one).size());
  const size_t entries = series.size() + (more ? 1 : 0);
  const double room = kWidth / (kLetter * static_cast<double>(longest) + kSample);
  Layout layout;
  layout.legend_columns = std::clamp<size_t>(static_cast<size_t>(room), 1, entries);
  layout.legend_rows = (entries + layout.legend_columns - 1) / layout.legend_columns;
  return layout;
}

std::string Header(const Layout& layout) {
  const std::string form = absl::StrCat(" size ", kWidth, ",", layout.height(),
                                        " noenhanced font 'DejaVu Sans,14' background rgb '#FFFFFF'\n");
  return absl::StrCat("if (kind eq 'svg') {\n  set terminal svg", form, "} else {\n  set terminal pngcairo", form,
                      "}\nset output 'comprehensive_comparison.' . kind\nset encoding utf8\nset errorbars "
                      "0.6\nset multiplot\n");
}

// Back to plain axes, so that no panel inherits from the one before.
constexpr char kPanelReset[] =
    "reset\nset encoding utf8\nset errorbars 0.6\nset border 3 lw 1.2 lc rgb '#444444'\nset tics nomirror out scale "
    "0.6\n"
    "set pointintervalbox 0\nset grid ytics lt 1 lw 0.6 lc rgb '#DDDDDD'\nunset key\nset lmargin 10; set rmargin 2; "
    "set tmargin 3; set bmargin 3.6\n";

constexpr char kWatermark[] =
    "set label 99 'INVALID' at graph 0.5,0.5 center rotate by 30 font ',64' textcolor rgb '#90D55E00' front\n";

// One panel of the 3 × 2 grid, numbered row by row.
std::string Panel(const Layout& layout, int number, const std::string& title, const std::string& commands, bool valid) {
  const double height = kPanelHeight / layout.height();
  const double left = (number % 3) / 3.0;
  const double bottom = layout.legend() / layout.height() + (number < 3 ? height : 0);
  return absl::StrCat(
      kPanelReset, absl::StrFormat("set origin %.4f,%.4f; set size %.4f,%.4f\n", left, bottom, 1 / 3.0, height),
      "set title ", GnuplotQuote(absl::StrCat(std::string(1, static_cast<char>('a' + number)), "  ", title)),
      " font ',16'\n", valid ? "" : kWatermark, commands);
}

// Colours and marks of the labels, in a strip below the panels.
std::string Legend(const Layout& layout, const std::vector<Series>& series, size_t labels) {
  std::vector<std::string> entries;
  for (const Series& one : series) {
    entries.push_back(absl::StrCat("NaN with linespoints lc rgb '", one.color, "' lw 2 dt ", one.dash, " pt ", one.mark,
                                   " ps 1.3 title ", GnuplotQuote(LegendText(one))));
  }
  if (labels > series.size()) {
    entries.push_back(absl::StrCat("NaN with points pt 0 title '(", labels - series.size(), " more in report.html)'"));
  }
  return absl::StrCat("reset\nset encoding utf8\nset origin 0,0; set size 1,", layout.legend() / layout.height(),
                      "\nunset border; unset tics; set xrange [0:1]; set yrange [0:1]; set lmargin 0; set rmargin 0; "
                      "set tmargin 0; set bmargin 0\nset key center center horizontal Left reverse maxrows ",
                      layout.legend_rows, " maxcols ", layout.legend_columns,
                      " samplen 3 spacing 1.2 font ',15'\nplot ", absl::StrJoin(entries, ", "), "\n");
}

// What stands behind a point of the figure.
std::string SeedsText(size_t seeds) {
  if (seeds >= 3) return absl::StrCat("   (mean and 95 % interval over ", seeds, " seeds)");
  return seeds == 2 ? "   (mean of 2 seeds: no intervals)" : "   (one seed: no intervals)";
}

std::string Heading(const analysis::Comparison& comparison, const FigureOptions& options, const Layout& layout) {
  size_t seeds = 0;
  for (const std::string& label : comparison.labels()) {
    for (const int64_t length : comparison.lengths()) {
      const analysis::Cell* cell = comparison.Find(label, length);
      if (cell != nullptr) seeds = std::max(seeds, cell->Of(options.objective.metric).n);
    }
  }
  const std::string text = absl::StrCat(Shortened(options.title, kLegendText), SeedsText(seeds),
                                        comparison.AllValid() ? "" : "   INVALID: not evidence for any claim");
  return absl::StrCat("set label 1 ", GnuplotQuote(text), " at screen 0.5,", 1 - kTitleHeight / 2 / layout.height(),
                      " center font ',20'\n");
}

// Whether all that is drawn at these lengths is valid.
bool Valid(const analysis::Comparison& comparison, const std::vector<Series>& series,
           const std::vector<int64_t>& lengths) {
  for (const Series& one : series) {
    for (const int64_t length : lengths) {
      const analysis::Cell* cell = comparison.Find(one.label, length);
      if (cell != nullptr && !cell->valid) return false;
    }
  }
  return true;
}

}  // namespace

std::string FigureScript(const analysis::Comparison& comparison, const FigureOptions& options) {
  const std::string& metric = options.objective.metric;
  const std::vector<Series> series = SeriesOf(comparison, options.objective);
  const Layout layout = LayoutOf(series, comparison.labels().size() > series.size());
  const int64_t longest = comparison.lengths().back();
  const bool valid = Valid(comparison, series, comparison.lengths());
  std::string out = Header(layout);
  const auto add = [&](int number, const std::string& title, const std::string& commands, bool good) {
    absl::StrAppend(&out, Panel(layout, number, title, commands, good));
  };
  add(0, metric + " against length",
      Heading(comparison, options, layout) + LinesPanel(comparison, series, metric, metric, 1), valid);
  add(1, "accuracy against length", LinesPanel(comparison, series, "val/accuracy", "validation accuracy (%)", 100),
      valid);
  add(2, "time per step against length", LinesPanel(comparison, series, analysis::kTimePerStep, "median step (ms)", 1000), valid);
  add(3, absl::StrCat(metric, " at L = ", longest), BarsPanel(comparison, series, metric),
      Valid(comparison, series, {longest}));
  add(4, absl::StrCat(metric, " improvement over ", kBaseline),
      ImprovementPanel(comparison, series, kBaseline, options.objective), valid);
  add(5, "validation accuracy", TablePanel(comparison, series, "val/accuracy"), valid);
  return out + Legend(layout, series, comparison.labels().size()) + "unset multiplot\nunset output\n";
}

}  // namespace plasa::cli
