// Reads one metric of a sweep as a band a cell, and remembers the bands.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/series_reader.h"
#include "coordinator/store/views.h"

namespace plasa::store {

// Bands that were asked for lately, so that a page that comes back reads only the cells that changed. A key names all
// that a band is made of, so nothing in here is ever wrong; what is old goes when there is too much.
class BandCache {
 public:
  // nullptr when it is not known; valid until the next Keep.
  [[nodiscard]] const BandView* Find(const std::string& key) const;
  void Keep(const std::string& key, const BandView& band);

 private:
  std::map<std::string, BandView> bands_;
  size_t points_ = 0;
};

// All on one connection, within one transaction of the caller.
class BandReader {
 public:
  BandReader(Queries& queries, BandCache& cache) : queries_(queries), series_(queries), cache_(cache) {}

  // See Reader::Bands.
  [[nodiscard]] absl::StatusOr<std::vector<BandView>> Bands(const std::string& sweep, const std::string& metric,
                                                            size_t max_points, const StepSpan& span);

 private:
  // The seeds of one cell: the attempts of each.
  struct Cell {
    std::string cell;
    std::vector<std::vector<AttemptPoints>> seeds;
  };
  [[nodiscard]] absl::StatusOr<std::vector<Cell>> CellsOf(const std::string& sweep);
  // Points are only ever added: attempts, how far each is visible and how many points there are tell a band's content.
  [[nodiscard]] absl::StatusOr<std::string> KeyOf(const Cell& cell, const std::string& metric);
  [[nodiscard]] absl::StatusOr<BandView> Read(const Cell& cell, const std::string& metric, size_t max_points,
                                              const StepSpan& span);

  Queries& queries_;
  SeriesReader series_;
  BandCache& cache_;
};

}  // namespace plasa::store
