// The sweep file: from text to a checked specification, from there to cells and trials. Pure: no I/O, no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/value.h"

namespace plasa {

// What a trial asks of a worker, and when it is given up.
struct TrialLimits {
  int64_t slots = 1;
  std::string device;             // "" any, "cpu", "cuda"
  int64_t memory_bytes = 0;       // 0 = any
  std::string hardware_class;     // "" any
  int64_t timeout_ms = 0;         // of one attempt; 0 = none
  int64_t lost_after_ms = 60000;  // silence of a worker before the trial may move
  int64_t checkpoint_every_ms = 60000;
  int64_t max_attempts = 3;
  bool canary = false;  // audit 4 is due too; said by the trial's own parameter `canary`
  // What a line of a failed attempt's output means, by regular expression (RE2).
  std::map<std::string, std::string> log_rules;  // "do_not_retry", "exclude_worker"
};

// One submitted search.
struct SweepSpec {
  std::string name;
  std::string method;  // grid | random | bayes
  std::string metric = "val/loss";
  std::string goal = "minimize";  // or maximize
  std::string trainer = "plasa";  // a name on the workers' allow-list
  Value data;  // {"corpus":…}, {"path":…}, {"artifact":…}, {"shared_path":…,"sha256":…} or {"task":…}
  std::vector<int64_t> seeds;  // paired over all cells; never empty
  int64_t priority = 0;        // the larger first
  double weight = 1;           // share among sweeps of equal priority
  TrialLimits limits;
  int64_t run_cap = 0;                        // cells at most; 0 = no cap
  bool shuffle = false;                       // cells in a seeded random order in place of grid order
  std::vector<std::vector<std::string>> zip;  // groups of parameters that vary together
  std::vector<Value::Object> exclude;         // combinations left out; a list in one means any of its values
  bool until_decided = false;                 // seeds are added to undecided cells at the looks of spec 14
  int64_t max_seeds = 20;                     // then: of any cell
  bool matched_controls = false;              // cells to compare with are added, see controls.h
  Value early_terminate;                      // hyperband with defaults filled in (rungs.h), or null
  Value space;      // every parameter, dotted, with its kind and defaults filled in, as `plan` shows it
  Value canonical;  // the whole specification, one spelling each; its JSON parses to an equal one
  std::vector<std::string> remarks;  // what the file asks for that has no effect here, a sentence each
};

// A sweep file in YAML or JSON (W&B's sweep format, with our keys under `plasa:`). `source` names it in errors, which
// say line, column and how to mend. Depth, size and aliases are bounded. A parameter named `seed` takes the place of
// plasa.seeds (a file with both is refused): it is shown in the cells and swept like any other, and each cell then is
// one trial with that seed.
[[nodiscard]] Result<SweepSpec> ParseSweep(std::string_view text, std::string_view source);

// What a command line changes: "key=v1,v2" sets or sweeps a parameter; seeds 0 and an empty name change nothing.
struct Overrides {
  std::vector<std::string> params;
  int64_t seeds = 0;
  std::string name;
};
// `seeds` also replaces a parameter named `seed`.
[[nodiscard]] Outcome ApplyOverrides(SweepSpec* spec, const Overrides& overrides);

// Replaces the data, for a client that has found out where a path leads. Fails on what `plasa.data` does not take.
[[nodiscard]] Outcome ReplaceData(SweepSpec* spec, const Value& data);

// Replaces each value of a parameter, also where plasa.exclude names it, by what `replace` makes of it.
[[nodiscard]] Outcome ReplaceValues(SweepSpec* spec, const std::string& parameter,
                                    const std::function<Value(const Value&)>& replace);

// One cell with one seed: the unit that is queued.
struct TrialSpec {
  std::string id;      // 16 hex digits: a hash of what determines its numbers (TrialId)
  Value::Object cell;  // the swept factors, the seed left out
  int64_t seed = 0;
  Value::Object params;  // what the trainer gets: fixed and swept parameters and the seed
};

// Seeds each cell is run with: all of them, or one where a parameter is the seed.
[[nodiscard]] int64_t SeedsPerCell(const SweepSpec& spec);

struct Expansion {
  // Each with all parameters, dotted, in grid order, repeated ones once; controls come last, with parameters of their
  // own.
  std::vector<Value::Object> cells;
  std::vector<TrialSpec> trials;  // cells in grid order, each with every seed
};

// All cells and trials. Grid order: names sorted, the last varies fastest. `random` draws run_cap cells by Philox.
// Refuses what cannot run (for the trainer `plasa`: what ResolveConfig refuses), more than kMaxTrials trials, and
// `bayes`, which needs a searcher.
inline constexpr int64_t kMaxTrials = 100000;
[[nodiscard]] Result<Expansion> Expand(const SweepSpec& spec);

// The trials of more seeds, for a sweep that was expanded before: of the cells named (canonical JSON of
// TrialSpec::cell), or of all where none is. Refuses what Expand refuses, and a sweep in which a parameter is the seed.
[[nodiscard]] Result<std::vector<TrialSpec>> ExpandSeeds(const SweepSpec& spec, const std::vector<int64_t>& seeds,
                                                         const std::set<std::string>& cells = {});

// Cells alone, for `plan`: of any valid file, whatever its trainer; none for `bayes` and for `random` without run_cap.
[[nodiscard]] Result<std::vector<Value::Object>> ExpandCells(const SweepSpec& spec);

// "s" and 8 hex digits of the canonical specification's hash: an identical specification is the same sweep.
[[nodiscard]] std::string SweepId(const SweepSpec& spec);

// Hash of canonical parameters (threads and precision included), data, trainer and kResultsVersion. For the trainer
// `plasa` the parameters are the resolved configuration's keys that differ from the defaults, so that two spellings are
// one trial.
[[nodiscard]] std::string TrialId(const SweepSpec& spec, const Value::Object& params);

}  // namespace plasa
