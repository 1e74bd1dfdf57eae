#include "analysis/leaderboard.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "common/experiment/config.h"

namespace plasa::analysis {
namespace {

// What a budget is made of.
using Budget = std::tuple<int64_t, int64_t, int64_t, std::string>;  // steps, batch size, length, data

struct Seeds {
  Value::Object params;
  std::vector<double> losses, steps_s;
};

bool Counts(const TrialRecord& trial) {
  const auto preset = trial.params.find("preset");
  const auto loss = trial.metrics.find("val/loss");
  return trial.succeeded && trial.admitted && trial.valid && preset != trial.params.end() &&
         preset->second == Value(kBenchmarkPreset) && loss != trial.metrics.end() && std::isfinite(loss->second);
}

std::string LabelOfEntry(Value::Object params) {
  for (const char* key : {"preset", "steps", "batch_size", "seq_len"}) params.erase(key);
  const std::string label = LabelOf(params, params);
  return label.empty() ? "as the preset has it" : label;
}

double MedianOf(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Resamples by number of seeds, each drawn once.
class Intervals {
 public:
  Estimate Of(const std::vector<double>& values) {
    const auto known = drawn_.try_emplace(values.size(), values.size()).first;
    return BcaInterval(values, known->second);
  }

 private:
  std::map<size_t, Resamples> drawn_;
};

BoardEntry EntryOf(const Seeds& seeds, Intervals* intervals) {
  std::vector<double> scores;
  for (const double loss : seeds.losses) scores.push_back(std::exp(-loss));
  return {LabelOfEntry(seeds.params), seeds.params, intervals->Of(scores), Mean(seeds.losses), MedianOf(seeds.steps_s)};
}

Value NumberOrNull(double x) { return std::isfinite(x) ? Value(x) : Value(); }

Value EntryValue(const BoardEntry& entry, int64_t rank) {
  return Value::Object{
      {"rank", rank},
      {"label", entry.label},
      {"params", entry.params},
      {"seeds", static_cast<int64_t>(entry.score.n)},
      {"score", Value::Object{{"mean", entry.score.mean}, {"lo", entry.score.lo}, {"hi", entry.score.hi}}},
      {"loss", entry.loss},
      {"ppl", std::exp(entry.loss)},
      {"time_per_step", NumberOrNull(entry.step_s)}};
}

}  // namespace

std::vector<Board> BoardsOf(const std::vector<TrialRecord>& trials) {
  std::map<Budget, std::map<std::string, Seeds>> found;
  std::map<Budget, Value> data;
  for (const TrialRecord& trial : trials) {
    const auto config = Counts(trial) ? ResolveConfig(Value(trial.params)) : Error{"", "", ""};
    if (!config.ok()) continue;
    const Budget budget{config->steps, config->batch_size, config->seq_len, trial.data.CanonicalJson()};
    data[budget] = trial.data;
    Value::Object params = trial.params;
    params.erase("seed");
    Seeds& seeds = found[budget][Value(params).CanonicalJson()];
    seeds.params = std::move(params);
    seeds.losses.push_back(trial.metrics.at("val/loss"));
    if (const auto time = trial.metrics.find(kTimePerStep); time != trial.metrics.end())
      seeds.steps_s.push_back(time->second);
  }
  Intervals intervals;
  std::vector<Board> boards;
  for (const auto& [budget, entries] : found) {
    Board board{std::get<0>(budget), std::get<1>(budget), std::get<2>(budget), data.at(budget), {}};
    for (const auto& [text, seeds] : entries) board.entries.push_back(EntryOf(seeds, &intervals));
    std::stable_sort(board.entries.begin(), board.entries.end(),
                     [](const BoardEntry& a, const BoardEntry& b) { return a.score.mean > b.score.mean; });
    boards.push_back(std::move(board));
  }
  std::stable_sort(boards.begin(), boards.end(),
                   [](const Board& a, const Board& b) { return a.entries.size() > b.entries.size(); });
  return boards;
}

Value BoardsValue(const std::vector<Board>& boards) {
  Value::List list;
  for (const Board& board : boards) {
    Value::List entries;
    for (const BoardEntry& entry : board.entries)
      entries.push_back(EntryValue(entry, static_cast<int64_t>(entries.size()) + 1));
    list.push_back(Value::Object{{"steps", board.steps},
                                 {"batch_size", board.batch_size},
                                 {"seq_len", board.seq_len},
                                 {"data", board.data},
                                 {"entries", std::move(entries)}});
  }
  return Value::Object{{"v", 1}, {"boards", std::move(list)}};
}

}  // namespace plasa::analysis
