// The panels of the figure, each as gnuplot commands.
#pragma once

#include <string>
#include <vector>

#include "analysis/comparison.h"

namespace plasa::cli {

// A label as it looks in every panel.
struct Series {
  std::string label;
  std::string color;  // "#RRGGBB"
  int mark = 0;       // gnuplot point type
  int dash = 1;
};

// Colours (Okabe and Ito), marks and dashes for the labels; at most kMostSeries of them are drawn.
inline constexpr size_t kMostSeries = 12;
[[nodiscard]] std::vector<Series> SeriesOf(const analysis::Comparison& comparison);

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
                                           const std::string& baseline, const std::string& metric, bool minimize);

// The metric as a table: a row a label, a column a length.
[[nodiscard]] std::string TablePanel(const analysis::Comparison& comparison, const std::vector<Series>& series,
                                     const std::string& metric);

}  // namespace plasa::cli
