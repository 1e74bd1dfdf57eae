#include "analysis/evidence.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "common/experiment/cell_place.h"

namespace plasa::analysis {
namespace {

std::string ScalarText(const Value& value) {
  return value.Is<std::string>() ? value.As<std::string>() : value.CanonicalJson();
}

// The places of trials; those of one cell are resolved once, whatever their seed.
class Places {
 public:
  const CellPlace& Of(const TrialRecord& trial) {
    Value::Object params = trial.params;
    params.erase("seed");
    const auto [place, fresh] = known_.try_emplace(Value(std::move(params)).CanonicalJson());
    if (fresh) place->second = PlaceOf(trial.params);
    return place->second;
  }

 private:
  std::map<std::string, CellPlace> known_;
};

// The trial's factors beside schedule and length: "lr=0.001, selector=random".
std::string GroupName(const TrialRecord& trial) {
  std::string name;
  for (const auto& [key, value] : trial.cell) {
    if (key == "seq_len" || IsScheduleKey(key)) continue;
    name += (name.empty() ? "" : ", ") + key + "=" + ScalarText(value);
  }
  return name;
}

std::string TaskOf(const Value& data) {
  if (!data.Is<Value::Object>()) return "";
  const auto task = data.As<Value::Object>().find("task");
  return task == data.As<Value::Object>().end() ? "" : ScalarText(task->second);
}

std::string BaseOf(const CellPlace& place, const TrialRecord& trial, bool with_data) {
  return place.base + '\n' + trial.trainer + '\n' + (with_data ? trial.data.CanonicalJson() : "");
}

// The window length, also of a trial that has not run yet and takes it from a preset.
int64_t LengthOf(const TrialRecord& trial, const CellPlace& place) {
  return trial.seq_len == 0 && trial.trainer == "plasa" ? place.seq_len : trial.seq_len;
}

class Grouping {
 public:
  void AddOwn(const TrialRecord& trial) {
    const CellPlace& place = places_.Of(trial);
    const auto [at, fresh] = groups_.try_emplace(BaseOf(place, trial, true), made_.size());
    if (fresh) {
      made_.push_back({GroupName(trial), trial.params, {}, {}, {}, 0, {}, {}});
      without_data_.emplace(BaseOf(place, trial, false), at->second);
    }
    Group& group = made_[at->second];
    const int64_t length = LengthOf(trial, place);
    const auto next = std::lower_bound(group.lengths.begin(), group.lengths.end(), length);
    if (next == group.lengths.end() || *next != length) group.lengths.insert(next, length);
    Take(trial, place, &group);
    group.trials.back().own = true;
    group.own = group.trials.size();
  }

  void AddRelated(const TrialRecord& trial) {
    if (!trial.succeeded || !trial.admitted || !trial.valid || known_.contains(trial.id)) return;
    const CellPlace& place = places_.Of(trial);
    if (const auto at = groups_.find(BaseOf(place, trial, true)); at != groups_.end())
      return Take(trial, place, &made_[at->second]);
    if (TaskOf(trial.data) != "mqar") return;
    const auto like = without_data_.equal_range(BaseOf(place, trial, false));
    for (auto at = like.first; at != like.second; ++at) TakeRecall(trial, place, &made_[at->second]);
  }

  std::vector<Group> Take() { return std::move(made_); }

 private:
  void Take(const TrialRecord& trial, const CellPlace& place, Group* group) {
    known_.insert(trial.id);
    group->trials.push_back(trial);
    group->trials.back().seq_len = LengthOf(trial, place);
    group->keys.push_back(place.keys);
  }

  // Of several recall tasks one is taken, the same whatever the order of trials.
  static void TakeRecall(const TrialRecord& trial, const CellPlace& place, Group* group) {
    const std::string task = trial.data.CanonicalJson();
    const std::string taken = group->recall.empty() ? task : group->recall.front().data.CanonicalJson();
    if (task > taken) return;
    if (task < taken) {
      group->recall.clear();
      group->recall_keys.clear();
    }
    group->recall.push_back(trial);
    group->recall.back().seq_len = LengthOf(trial, place);
    group->recall_keys.push_back(place.keys);
  }

  Places places_;
  std::set<std::string> known_;  // ids
  std::map<std::string, size_t> groups_;
  std::multimap<std::string, size_t> without_data_;
  std::vector<Group> made_;
};

// Its schedule with what belongs to it, and the factors of its group.
std::string LabelOf(const TrialRecord& trial, const std::string& group) {
  const auto text = [&trial](const std::string& key) {
    const auto found = trial.params.find(key);
    return found == trial.params.end() ? "" : ScalarText(found->second);
  };
  const std::string schedule = text("schedule");
  std::string label = schedule;
  const auto add = [&label, &text](bool applies, const std::string& key) {
    if (const std::string value = text(key); applies && !value.empty())
      label += (label.empty() ? "" : ", ") + key + "=" + value;
  };
  add(schedule == "explicit_k", "schedule_k");
  add(schedule == "matched_uniform", "schedule_match");
  add(true, "schedule_perm");
  add(schedule == "explicit_ratios", "schedule_ratios");
  if (group.empty()) return label.empty() ? "run" : label;
  return label + (label.empty() ? "" : ", ") + group;
}

// A run's median step says something from 50 steps on, after the 20 that are left out (spec 14).
bool IsTimed(const TrialRecord& trial) { return trial.steps == 0 || trial.steps >= kStepsToTime; }

double LogOf(double seconds) { return seconds > 0 ? std::log(seconds) : NAN; }

TrialRecord CellRecord(const TrialRecord& trial, std::string_view side) {
  TrialRecord record;
  record.label = side;
  record.seq_len = trial.seq_len;
  record.seed = trial.seed;
  record.cell = trial.cell;
  record.own = trial.own;
  record.succeeded = trial.succeeded;
  record.admitted = trial.admitted;
  record.pruned = trial.pruned;
  record.valid = trial.valid;
  record.metrics = trial.metrics;
  record.metrics.insert(trial.halves.begin(), trial.halves.end());
  const auto time = trial.metrics.find(kTimePerStep);
  if (time == trial.metrics.end()) return record;
  if (IsTimed(trial))
    record.metrics[kLogStepTime] = LogOf(time->second);
  else
    record.metrics.erase(kTimePerStep);
  return record;
}

TrialRecord RecallRecord(const TrialRecord& trial, std::string_view side) {
  TrialRecord record = CellRecord(trial, side);
  record.own = false;  // it is of another sweep
  record.metrics.clear();
  const auto accuracy = trial.metrics.find("val/accuracy");
  if (accuracy != trial.metrics.end()) record.metrics[kRecall] = accuracy->second;
  return record;
}

}  // namespace

std::vector<Group> GroupsOf(const std::vector<TrialRecord>& own, const std::vector<TrialRecord>& related) {
  Grouping grouping;
  for (const TrialRecord& trial : own) grouping.AddOwn(trial);
  for (const TrialRecord& trial : related) grouping.AddRelated(trial);
  return grouping.Take();
}

std::vector<TrialRecord> Pooled(const std::vector<Group>& groups) {
  std::vector<TrialRecord> all;
  for (const Group& group : groups) {
    std::map<std::pair<int64_t, std::vector<int64_t>>, std::string> own;
    for (size_t i = 0; i < group.trials.size(); ++i) {
      const TrialRecord& trial = group.trials[i];
      all.push_back(trial);
      const auto cell = std::pair(trial.seq_len, group.keys[i]);
      const bool is_own = i < group.own;
      if (is_own) own.emplace(cell, trial.label);
      if (is_own) continue;
      const auto repeats = own.find(cell);
      all.back().label = repeats == own.end() || group.keys[i].empty() ? LabelOf(trial, group.name) : repeats->second;
    }
  }
  return all;
}

std::vector<TrialRecord> RecordsOf(const Group& group, const std::vector<std::string_view>& sides) {
  std::map<std::pair<int64_t, std::vector<int64_t>>, std::vector<std::string_view>> sides_of;
  std::set<int64_t> lengths;
  for (const TrialRecord& trial : group.trials) lengths.insert(trial.seq_len);
  for (const int64_t length : lengths) {
    for (const std::string_view side : sides) {
      Value::Object params = WithSchedule(group.params, std::string(side));
      params["seq_len"] = length;
      std::vector<int64_t> keys = PlaceOf(params).keys;
      if (!keys.empty()) sides_of[{length, std::move(keys)}].push_back(side);
    }
  }
  std::vector<TrialRecord> records;
  const auto add = [&](const TrialRecord& trial, const std::vector<int64_t>& keys, auto make) {
    const auto found = sides_of.find({trial.seq_len, keys});
    if (found == sides_of.end()) return;
    for (const std::string_view side : found->second) records.push_back(make(trial, side));
  };
  for (size_t i = 0; i < group.trials.size(); ++i) add(group.trials[i], group.keys[i], CellRecord);
  for (size_t i = 0; i < group.recall.size(); ++i) add(group.recall[i], group.recall_keys[i], RecallRecord);
  return records;
}

}  // namespace plasa::analysis
