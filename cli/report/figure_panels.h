// The panels of the figure, each as gnuplot commands.
#pragma once

#include <string>
#include <vector>

#include "analysis/comparison.h"
#include "cli/report/objective.h"

namespace plasa::cli {

// A label as it looks in every panel.
struct Series {
  std::string label;
  std::string color;  // "#RRGGBB"
  int mark = 0;       // gnuplot point type
  int dash = 1;
  double fill = 0.85;  // of bars, 0 to 1
  std::string number;  // where colours and marks begin again: "1", "2", ...; else empty
};

// At most so many labels are drawn, and so many have a colour and a mark of their own.
inline constexpr size_t kMostSeries = 12;
inline constexpr size_t kMostColors = 8;

// Colours (Okabe and Ito), marks and dashes for the labels, in the order of the comparison. Of more than kMostSeries
// the baseline and the best by the objective at the longest length are taken, valid ones and plain schedules first.
[[nodiscard]] std::vector<Series> SeriesOf(const analysis::Comparison& comparison, const Objective& objective);

// `text` shortened in its middle to at most `most` characters.
[[nodiscard]] std::string Shortened(const std::string& text, size_t most);

// `text` as a gnuplot string: single-quoted, nothing in it is interpreted.
[[nodiscard]] std::string GnuplotQuote(const std::string& text);

// A curve a label against length. `factor` scales the values (1000: seconds to ms).
[[nodiscard]] std::string LinesPanel(const analysis::Comparison& comparison, const std::vector<Series>& series,
                                     const std::string& metric, const std::string& axis, double factor);

// A bar a label at the longest length, from zero, with its value above.
[[nodiscard]] std::string BarsPanel(const analysis::Comparison& comparison, const std::vector<Series>& series,
                                    const std::string& metric);

// Clusters of bars by length: how many percent better than `baseline`.
[[nodiscard]] std::string ImprovementPanel(const analysis::Comparison& comparison, const std::vector<Series>& series,
                                           const std::string& baseline, const Objective& objective);

// The metric as a table: a row a label, a column a length.
[[nodiscard]] std::string TablePanel(const analysis::Comparison& comparison, const std::vector<Series>& series,
                                     const std::string& metric);

}  // namespace plasa::cli
