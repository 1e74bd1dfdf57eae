#include "cli/report/figure_panels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/output/terminal.h"

namespace plasa::cli {
namespace {

using analysis::Cell;
using analysis::Comparison;
using analysis::Estimate;

constexpr std::array<const char*, kMostColors> kColors = {"#000000", "#0072B2", "#E69F00", "#009E73",
                                                          "#D55E00", "#CC79A7", "#56B4E9", "#8C6D1F"};
// Error bars without a mark of their own, up to the colour.
constexpr char kBars[] = " using 1:3:(0):($4-$3) with vectors heads size screen 0.0025,90 lw 1.2 lc rgb '";
constexpr std::array<int, kMostColors> kMarks = {7, 5, 9, 11, 13, 15, 6, 4};

Estimate EstimateAt(const Comparison& comparison, const std::string& label, int64_t length, const std::string& metric) {
  const Cell* cell = comparison.Find(label, length);
  Estimate none;
  none.mean = NAN;
  return cell == nullptr ? none : cell->Of(metric);
}

bool Drawable(const Estimate& estimate) { return estimate.n > 0 && std::isfinite(estimate.mean); }

std::string Number(double value) { return absl::StrFormat("%.10g", value); }

// Where a length stands on the logarithmic axis; runs of a trainer that knows no length stand alone.
double PlaceOf(int64_t length) { return static_cast<double>(std::max<int64_t>(1, length)); }

std::string LengthTics(const Comparison& comparison) {
  return "(" +
         absl::StrJoin(comparison.lengths(), ", ",
                       [](std::string* out, int64_t length) {
                         absl::StrAppend(out, "'", length > 0 ? absl::StrCat(length) : "any", "' ", PlaceOf(length));
                       }) +
         ")";
}

// One label's rows "x mean lo hi" and whether any has an interval. With intervals the labels stand a little apart, so
// that their bars can be told apart.
struct DataRows {
  std::string text;
  bool intervals = false;
};
DataRows RowsOf(const Comparison& comparison, const Series& series, double shift, const std::string& metric,
                double factor) {
  DataRows rows;
  for (const int64_t length : comparison.lengths()) {
    const Estimate e = EstimateAt(comparison, series.label, length, metric);
    if (!Drawable(e)) continue;
    const double apart = e.HasInterval() ? shift : 0;
    rows.intervals = rows.intervals || e.HasInterval();
    absl::StrAppend(&rows.text, Number(PlaceOf(length) * std::exp2(apart)), " ", Number(e.mean * factor), " ",
                    Number(e.lo * factor), " ", Number(e.hi * factor), "\n");
  }
  return rows;
}

std::string Style(const Series& series) {
  return absl::StrCat("lc rgb '", series.color, "' lw 2 dt ", series.dash, " pt ", series.mark, " ps 1.1");
}

std::string Empty(const std::string& why) {
  return absl::StrCat("unset border; unset xtics; unset ytics; unset key\nset label 9 ", GnuplotQuote(why),
                      " at graph 0.5,0.5 center\nset xrange [0:1]; set yrange [0:1]\nplot NaN notitle\n");
}

// Whether label a is to be drawn before b, where not all can be.
struct Rank {
  bool baseline = false;
  bool valid = false;
  bool plain = false;  // a schedule by its name alone: a control or another factor comes after it
  double value = 0;    // smaller is better
};

Rank RankOf(const Comparison& comparison, const std::string& label, const Objective& objective) {
  const Cell* cell = comparison.Find(label, comparison.lengths().back());
  const Estimate e = EstimateAt(comparison, label, comparison.lengths().back(), objective.metric);
  const double value = objective.minimize ? e.mean : -e.mean;
  const bool plain = label.find(", ") == std::string::npos;
  return {label == kBaseline, cell != nullptr && cell->valid, plain, Drawable(e) ? value : INFINITY};
}

std::set<std::string> DrawnLabels(const Comparison& comparison, const Objective& objective) {
  std::vector<std::string> labels = comparison.labels();
  if (labels.size() > kMostSeries) {
    std::stable_sort(labels.begin(), labels.end(), [&](const std::string& a, const std::string& b) {
      const Rank x = RankOf(comparison, a, objective);
      const Rank y = RankOf(comparison, b, objective);
      return std::tuple(!x.baseline, !x.valid, !x.plain, x.value) <
             std::tuple(!y.baseline, !y.valid, !y.plain, y.value);
    });
    labels.resize(kMostSeries);
  }
  return {labels.begin(), labels.end()};
}

}  // namespace

std::vector<Series> SeriesOf(const Comparison& comparison, const Objective& objective) {
  std::vector<Series> out;
  const std::set<std::string> drawn = DrawnLabels(comparison, objective);
  for (const std::string& label : comparison.labels()) {
    if (drawn.count(label) == 0) continue;
    const size_t i = out.size();
    const bool again = i >= kMostColors;
    out.push_back({label, kColors[i % kMostColors], kMarks[i % kMostColors], again ? 2 : 1, again ? 0.4 : 0.85,
                   drawn.size() > kMostColors ? absl::StrCat(i + 1) : ""});
  }
  return out;
}

std::string Shortened(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  const size_t tail = (most - 1) / 2;
  return absl::StrCat(text.substr(0, most - 1 - tail), "…", text.substr(text.size() - tail));
}

std::string GnuplotQuote(const std::string& text) {
  std::string out = "'";
  for (const char c : Harmless(text)) {
    if (c == '\'') out += '\'';
    if (c != '`') out += c;
  }
  return out + '\'';
}

std::string LinesPanel(const Comparison& comparison, const std::vector<Series>& series, const std::string& metric,
                       const std::string& axis, double factor) {
  std::string blocks;
  std::vector<std::string> plots;
  for (size_t i = 0; i < series.size(); ++i) {
    const double shift = 0.06 * (static_cast<double>(i) - static_cast<double>(series.size() - 1) / 2);
    const DataRows rows = RowsOf(comparison, series[i], shift, metric, factor);
    if (rows.text.empty()) continue;
    absl::StrAppend(&blocks, "$line", i, " << EOD\n", rows.text, "EOD\n");
    if (rows.intervals) plots.push_back(absl::StrCat("$line", i, kBars, series[i].color, "'"));
    plots.push_back(absl::StrCat("$line", i, " using 1:2 with linespoints ", Style(series[i])));
  }
  if (plots.empty()) return Empty("no " + metric + " was reported");
  const double low = PlaceOf(comparison.lengths().front()) / 1.4;
  const double high = PlaceOf(comparison.lengths().back()) * 1.4;
  return absl::StrCat(
      blocks, "set logscale x 2; set xtics ", LengthTics(comparison), "\nset xrange [", Number(low), ":", Number(high),
      "]; set yrange [*:*]; set offsets 0,0,graph 0.06,graph 0.06\nset xlabel 'sequence length L'; set ylabel ",
      GnuplotQuote(axis), "\nplot ", absl::StrJoin(plots, ", "), "\nunset logscale x; set offsets 0,0,0,0\n");
}

std::string BarsPanel(const Comparison& comparison, const std::vector<Series>& series, const std::string& metric) {
  std::string commands;
  std::vector<std::string> tics;  // the labels' numbers
  const bool upright = series.size() > kMostColors;
  double top = 0;
  for (size_t i = 0; i < series.size(); ++i) {
    const Estimate e = EstimateAt(comparison, series[i].label, comparison.lengths().back(), metric);
    if (!Drawable(e)) continue;
    top = std::max(top, e.hi);
    const double x = static_cast<double>(i);
    absl::StrAppendFormat(&commands,
                          "set object %d rect from %.2f,0 to %.2f,%.10g fc rgb '%s' fs solid %.2f noborder\n", i + 10,
                          x - 0.36, x + 0.36, e.mean, series[i].color, series[i].fill);
    absl::StrAppendFormat(&commands, "set label %d '%.4f' at %.2f,%.10g %s font ',11'\n", i + 10, e.mean, x, e.hi,
                          upright ? "left rotate by 90 offset 0,0.5" : "center offset 0,0.7");
    if (!series[i].number.empty()) tics.push_back(absl::StrCat("'", series[i].number, "' ", i));
    if (e.hi > e.lo) {
      absl::StrAppendFormat(
          &commands, "set arrow %d from %.2f,%.10g to %.2f,%.10g heads size 0.06,90 lw 1.4 lc rgb '#444444' front\n",
          i + 10, x, e.lo, x, e.hi);
    }
  }
  if (commands.empty() || !(top > 0)) return Empty("no " + metric + " at the longest length");
  return absl::StrCat(commands, "set xrange [-0.7:", Number(static_cast<double>(series.size()) - 0.3),
                      "]; set yrange [0:", Number(top * (upright ? 1.25 : 1.16)), "]; ",
                      tics.empty() ? "unset xtics; set xlabel 'one bar a label, colours as below'"
                                   : absl::StrCat("set xtics (", absl::StrJoin(tics, ", "), "); set xlabel 'as below'"),
                      "; set ylabel ", GnuplotQuote(metric), "\nplot NaN notitle\n");
}

std::string ImprovementPanel(const Comparison& comparison, const std::vector<Series>& series,
                             const std::string& baseline, const Objective& objective) {
  std::string blocks;
  std::vector<std::string> plots;
  const double width = 0.8 / static_cast<double>(std::max<size_t>(1, series.size() - 1));
  size_t slot = 0;
  for (const Series& one : series) {
    if (one.label == BaselineOf(one.label, baseline)) continue;
    std::string rows;
    bool intervals = false;
    for (size_t j = 0; j < comparison.lengths().size(); ++j) {
      const Cell* cell = comparison.Find(one.label, comparison.lengths()[j]);
      if (cell == nullptr) continue;
      const Estimate e = Improvement(comparison, *cell, baseline, objective);
      if (!Drawable(e)) continue;
      intervals = intervals || e.HasInterval();
      const double x = static_cast<double>(j) - 0.4 + width * (static_cast<double>(slot) + 0.5);
      absl::StrAppend(&rows, Number(x), " ", Number(e.mean), " ", Number(e.lo), " ", Number(e.hi), " ",
                      Number(width * 0.9), "\n");
    }
    if (!rows.empty()) {
      absl::StrAppend(&blocks, "$better", slot, " << EOD\n", rows, "EOD\n");
      plots.push_back(absl::StrCat("$better", slot, " using 1:2:5 with boxes fs solid ", one.fill, " noborder lc rgb '",
                                   one.color, "'"));
      if (intervals) plots.push_back(absl::StrCat("$better", slot, kBars, "#444444'"));
    }
    ++slot;
  }
  if (plots.empty()) return Empty("needs trials of " + baseline);
  std::vector<std::string> tics;
  for (size_t j = 0; j < comparison.lengths().size(); ++j)
    tics.push_back(absl::StrCat("'", comparison.lengths()[j], "' ", j));
  return absl::StrCat(
      blocks, "set xtics (", absl::StrJoin(tics, ", "),
      "); set xrange [-0.6:", Number(static_cast<double>(tics.size()) - 0.4),
      "]; set yrange [*:*]; set offsets 0,0,graph 0.08,graph 0.08; set xzeroaxis lt 1 lc rgb '#000000' lw 1\n",
      "set xlabel 'sequence length L'; set ylabel 'better by %'\nplot ", absl::StrJoin(plots, ", "),
      "\nunset xzeroaxis; set offsets 0,0,0,0\n");
}

std::string TablePanel(const Comparison& comparison, const std::vector<Series>& series, const std::string& metric) {
  std::string out = "set lmargin 2; unset border; unset xtics; unset ytics; set xrange [0:1]; set yrange [0:1]\n";
  int id = 100;
  const auto text = [&](double x, double y, const std::string& s, const std::string& more) {
    absl::StrAppendFormat(&out, "set label %d %s at graph %.3f,%.3f %s\n", id++, GnuplotQuote(s), x, y, more);
  };
  const double step = 0.9 / static_cast<double>(series.size() + 1);
  const auto column = [&](size_t j) {
    return 0.46 + 0.54 * (static_cast<double>(j) + 0.5) / static_cast<double>(comparison.lengths().size());
  };
  for (size_t j = 0; j < comparison.lengths().size(); ++j)
    text(column(j), 0.95, absl::StrCat("L=", comparison.lengths()[j]), "center");
  for (size_t i = 0; i < series.size(); ++i) {
    const double y = 0.95 - step * static_cast<double>(i + 1);
    text(0.03, y, absl::StrCat(series[i].number, series[i].number.empty() ? "" : " ", Shortened(series[i].label, 19)),
         absl::StrCat("left point pt ", series[i].mark, " ps 1.1 lc rgb '", series[i].color,
                      "' offset char 1.2,0 font ',12'"));
    for (size_t j = 0; j < comparison.lengths().size(); ++j) {
      const Estimate e = EstimateAt(comparison, series[i].label, comparison.lengths()[j], metric);
      text(column(j), y, Drawable(e) ? absl::StrFormat("%.2f%%", 100 * e.mean) : "-", "center");
    }
  }
  return out + "plot NaN notitle\n";
}

}  // namespace plasa::cli
