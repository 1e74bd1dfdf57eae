#include "coordinator/store/related_trials.h"

#include "common/experiment/cell_place.h"
#include "common/runtime/json.h"

namespace plasa::store {
namespace {

constexpr size_t kMaxTrials = 200'000;  // kept, some hundred bytes each

#define PLASA_KIN_COLUMNS "SELECT t.id, t.params_json, t.trainer, t.data_json FROM "
constexpr char kOwn[] = PLASA_KIN_COLUMNS "sweep_trials st JOIN trials t ON t.id = st.trial WHERE st.sweep = ?";
constexpr char kOthers[] = PLASA_KIN_COLUMNS
    "trials t WHERE t.admitted = 1 AND t.valid = 1 AND t.id NOT IN (SELECT trial FROM sweep_trials WHERE sweep = ?) "
    "ORDER BY t.position";
#undef PLASA_KIN_COLUMNS

bool IsTask(const std::string& data_json) { return ParseObjectOrEmpty(data_json).contains("task"); }

}  // namespace

const std::string* RelatedTrials::BaseOf(const std::string& params_json, const std::string& trainer) {
  Value::Object params = ToValue(ParseObjectOrEmpty(params_json)).As<Value::Object>();
  params.erase("seed");
  const auto [place, fresh] = cells_.try_emplace(trainer + '\n' + Value(params).CanonicalJson());
  if (fresh) place->second = &*texts_.insert(trainer + '\n' + PlaceOf(params).base).first;
  return place->second;
}

RelatedTrials::Kin RelatedTrials::KinOf(const Statement& row) {
  const auto [place, fresh] = trials_.try_emplace(row.Text(0));
  if (fresh) place->second = {BaseOf(row.Text(1), row.Text(2)), &*texts_.insert(row.Text(3)).first};
  return place->second;
}

absl::StatusOr<std::vector<std::string>> RelatedTrials::Of(const std::string& sweep, Queries& queries) {
  if (trials_.size() > kMaxTrials) *this = {};
  std::set<const std::string*> bases, data;
  absl::Status read = queries.Each(kOwn, {absl::string_view(sweep)}, [&](const Statement& row) {
    const Kin kin = KinOf(row);
    bases.insert(kin.base);
    data.insert(kin.data);
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  std::vector<std::string> related;
  read = queries.Each(kOthers, {absl::string_view(sweep)}, [&](const Statement& row) {
    const Kin kin = KinOf(row);
    const bool fits = bases.contains(kin.base) && (data.contains(kin.data) || IsTask(*kin.data));
    if (fits) related.push_back(row.Text(0));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return related;
}

absl::StatusOr<std::vector<std::string>> TrialsOfPreset(const std::string& preset, Queries& queries) {
  std::vector<std::string> found;
  absl::Status read = queries.Each(
      "SELECT id FROM trials WHERE admitted = 1 AND valid = 1 AND trainer = 'plasa' AND "
      "json_extract(params_json, '$.preset') = ? ORDER BY position",
      {absl::string_view(preset)}, [&](const Statement& row) {
        found.push_back(row.Text(0));
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return found;
}

absl::StatusOr<std::set<std::string>> JudgedAmong(const std::set<std::string>& trials, Queries& queries) {
  std::set<std::string> judged;
  for (const std::string& trial : trials) {
    absl::Status read = queries.Each("SELECT id FROM trials WHERE id = ? AND (admitted = 1 OR state = 'pruned')",
                                     {absl::string_view(trial)}, [&](const Statement& row) {
                                       judged.insert(row.Text(0));
                                       return absl::OkStatus();
                                     });
    if (!read.ok()) return read;
  }
  return judged;
}

}  // namespace plasa::store
