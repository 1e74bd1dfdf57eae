// The live picture of a sweep, as text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/output/terminal.h"
#include "plasa/v1/model.pb.h"

namespace plasa::cli {

// Remembers how the training loss of each cell went while watching, and draws the sweep: one line a cell with a
// progress bar, what its trials do, the current objective and a sparkline of the loss; 80 columns hold it. Pure: no
// clock, no terminal output.
class WatchView {
 public:
  // Takes note of a trial's newest values.
  void Observe(const plasa::v1::Trial& trial, const std::string& metric);

  // At most `height` lines of at most `width` columns.
  [[nodiscard]] std::string Render(const plasa::v1::Sweep& sweep, const std::vector<plasa::v1::Trial>& trials,
                                   const Terminal& terminal, int width, int height) const;

 private:
  std::map<std::string, std::vector<double>> history_;  // by cell
  std::map<std::string, int64_t> last_step_;            // by trial
};

// One line for a change of a trial, for logs: "3f9c… schedule=… seed 1 running 50/150 val/loss 2.31".
[[nodiscard]] std::string ChangeLine(const plasa::v1::Trial& trial, const std::string& metric);

}  // namespace plasa::cli
