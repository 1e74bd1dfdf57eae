#include "cli/report/figure.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/report/figure_panels.h"
#include "cli/report/records.h"

namespace plasa::cli {
namespace {

constexpr char kBaseline[] = "uniform_sparse";
constexpr double kLegendHeight = 0.075;
constexpr double kTitleHeight = 0.045;

constexpr char kHeader[] =
    "if (kind eq 'svg') {\n"
    "  set terminal svg size 1800,1120 noenhanced font 'DejaVu Sans,14' background rgb '#FFFFFF'\n"
    "} else {\n"
    "  set terminal pngcairo size 1800,1120 noenhanced font 'DejaVu Sans,14' background rgb '#FFFFFF'\n"
    "}\n"
    "set output 'comprehensive_comparison.' . kind\n"
    "set encoding utf8\n"
    "set errorbars 0.6\n"
    "set multiplot\n";

// Back to plain axes, so that no panel inherits from the one before.
constexpr char kPanelReset[] =
    "reset\nset encoding utf8\nset errorbars 0.6\nset border 3 lw 1.2 lc rgb '#444444'\nset tics nomirror out scale "
    "0.6\n"
    "set pointintervalbox 0\nset grid ytics lt 1 lw 0.6 lc rgb '#DDDDDD'\nunset key\nset lmargin 10; set rmargin 2; "
    "set tmargin 3; set bmargin 3.6\n";

constexpr char kWatermark[] =
    "set label 99 'INVALID' at graph 0.5,0.5 center rotate by 30 font ',64' textcolor rgb '#90D55E00' front\n";

// One panel of the 3 × 2 grid, numbered row by row.
std::string Panel(int number, const std::string& title, const std::string& commands, bool valid) {
  const double height = (1 - kLegendHeight - kTitleHeight) / 2;
  const double left = (number % 3) / 3.0;
  const double bottom = kLegendHeight + (number < 3 ? height : 0);
  return absl::StrCat(
      kPanelReset, absl::StrFormat("set origin %.4f,%.4f; set size %.4f,%.4f\n", left, bottom, 1 / 3.0, height),
      "set title ", GnuplotQuote(absl::StrCat(std::string(1, static_cast<char>('a' + number)), "  ", title)),
      " font ',16'\n", valid ? "" : kWatermark, commands);
}

// Colours and marks of the labels, in a strip below the panels.
std::string Legend(const std::vector<Series>& series, size_t labels) {
  std::vector<std::string> entries;
  for (const Series& one : series) {
    entries.push_back(absl::StrCat("NaN with linespoints lc rgb '", one.color, "' lw 2 dt ", one.dash, " pt ", one.mark,
                                   " ps 1.3 title ", GnuplotQuote(one.label)));
  }
  if (labels > series.size()) {
    entries.push_back(absl::StrCat("NaN with points pt 0 title '(", labels - series.size(), " more in results.csv)'"));
  }
  return absl::StrCat("reset\nset encoding utf8\nset origin 0,0; set size 1,", kLegendHeight,
                      "\nunset border; unset tics; set xrange [0:1]; set yrange [0:1]; set lmargin 0; set rmargin 0; "
                      "set tmargin 0; set bmargin 0\n"
                      "set key center center horizontal maxrows 2 samplen 3 spacing 1.2 font ',15'\nplot ",
                      absl::StrJoin(entries, ", "), "\n");
}

// What stands behind a point of the figure.
std::string SeedsText(size_t seeds) {
  if (seeds >= 3) return absl::StrCat("   (mean and 95 % interval over ", seeds, " seeds)");
  return seeds == 2 ? "   (mean of 2 seeds: no intervals)" : "   (one seed: no intervals)";
}

std::string Heading(const analysis::Comparison& comparison, const FigureOptions& options) {
  size_t seeds = 0;
  for (const std::string& label : comparison.labels()) {
    for (const int64_t length : comparison.lengths()) {
      const analysis::Cell* cell = comparison.Find(label, length);
      if (cell != nullptr) seeds = std::max(seeds, cell->Of(options.metric).n);
    }
  }
  const std::string text = absl::StrCat(options.title, SeedsText(seeds),
                                        comparison.AllValid() ? "" : "   INVALID: not evidence for any claim");
  return absl::StrCat("set label 1 ", GnuplotQuote(text), " at screen 0.5,", 1 - kTitleHeight / 2,
                      " center font ',20'\n");
}

}  // namespace

std::string FigureScript(const analysis::Comparison& comparison, const FigureOptions& options) {
  const std::vector<Series> series = SeriesOf(comparison);
  const bool valid = comparison.AllValid();
  const std::string longest = absl::StrCat(options.metric, " at L = ", comparison.lengths().back());
  std::string out = absl::StrCat(kHeader);
  absl::StrAppend(
      &out,
      Panel(0, options.metric + " against length",
            Heading(comparison, options) + LinesPanel(comparison, series, options.metric, options.metric, 1), valid));
  absl::StrAppend(&out, Panel(1, "accuracy against length",
                              LinesPanel(comparison, series, "val/accuracy", "validation accuracy (%)", 100), valid));
  absl::StrAppend(&out, Panel(2, "time per step against length",
                              LinesPanel(comparison, series, analysis::kTimePerStep, "median step (ms)", 1000), valid));
  absl::StrAppend(&out, Panel(3, longest, BarsPanel(comparison, series, options.metric), valid));
  absl::StrAppend(&out,
                  Panel(4, absl::StrCat(options.metric, " improvement over ", kBaseline),
                        ImprovementPanel(comparison, series, kBaseline, options.metric, options.minimize), valid));
  absl::StrAppend(&out, Panel(5, "validation accuracy", TablePanel(comparison, series, "val/accuracy"), valid));
  return out + Legend(series, comparison.labels().size()) + "unset multiplot\nunset output\n";
}

}  // namespace plasa::cli
