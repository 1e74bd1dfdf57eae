// Trials outside of a sweep that its verdicts may rest on.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/store/queries.h"
#include "coordinator/store/sqlite.h"

namespace plasa::store {

// On one connection, each call within one transaction of the caller. Keeps which base configuration (PlaceOf) each
// trial has, since that never changes: what is asked often costs a look at each admitted trial, and no parsing.
class RelatedTrials {
 public:
  // Ids of admitted, valid trials of the same trainer whose configuration differs from one of the sweep's trials in
  // nothing but schedule, window length and seed (PlaceOf), on the same data or on a synthetic task. In queue order.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Of(const std::string& sweep, Queries& queries);

 private:
  // What a trial must share with one of a sweep, interned; and its data.
  struct Kin {
    const std::string* base = nullptr;
    const std::string* data = nullptr;
  };

  // Of a row: id, params_json, trainer, data_json.
  [[nodiscard]] Kin KinOf(const Statement& row);
  [[nodiscard]] const std::string* BaseOf(const std::string& params_json, const std::string& trainer);

  std::map<std::string, Kin> trials_;                // by id
  std::map<std::string, const std::string*> cells_;  // base by trainer and parameters without the seed
  std::set<std::string> texts_;                      // what the others point to
};

// Admitted, valid trials of our own trainer whose parameters name this preset, in queue order.
[[nodiscard]] absl::StatusOr<std::vector<std::string>> TrialsOfPreset(const std::string& preset, Queries& queries);

// Those of `trials` whose result counts, or has been withdrawn: that are admitted or pruned.
[[nodiscard]] absl::StatusOr<std::set<std::string>> JudgedAmong(const std::set<std::string>& trials, Queries& queries);

}  // namespace plasa::store
