#include "coordinator/store/related_trials.h"

#include <map>
#include <set>

#include "common/experiment/cell_place.h"
#include "common/runtime/json.h"

namespace plasa::store {
namespace {

// The base configurations of trials; those of one cell are resolved once, whatever their seed.
class Bases {
 public:
  const std::string& Of(const std::string& params_json, const std::string& trainer) {
    Value::Object params = ToValue(ParseObjectOrEmpty(params_json)).As<Value::Object>();
    params.erase("seed");
    const auto [place, fresh] = known_.try_emplace(trainer + '\n' + Value(params).CanonicalJson());
    if (fresh) place->second = trainer + '\n' + PlaceOf(params).base;
    return place->second;
  }

 private:
  std::map<std::string, std::string> known_;
};

bool IsTask(const std::string& data_json) { return ParseObjectOrEmpty(data_json).contains("task"); }

}  // namespace

absl::StatusOr<std::vector<std::string>> RelatedTrials::Of(const std::string& sweep) {
  Bases bases;
  std::set<std::string> own_bases, own_data;
  absl::Status read = queries_.Each(
      "SELECT t.params_json, t.trainer, t.data_json FROM sweep_trials st JOIN trials t ON t.id = st.trial WHERE "
      "st.sweep = ?",
      {absl::string_view(sweep)}, [&](const Statement& row) {
        own_bases.insert(bases.Of(row.Text(0), row.Text(1)));
        own_data.insert(row.Text(2));
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  std::vector<std::string> related;
  read = queries_.Each(
      "SELECT id, params_json, trainer, data_json FROM trials WHERE admitted = 1 AND valid = 1 AND id NOT IN "
      "(SELECT trial FROM sweep_trials WHERE sweep = ?) ORDER BY position",
      {absl::string_view(sweep)}, [&](const Statement& row) {
        const bool fits = own_data.contains(row.Text(3)) || IsTask(row.Text(3));
        if (fits && own_bases.contains(bases.Of(row.Text(1), row.Text(2)))) related.push_back(row.Text(0));
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return related;
}

absl::StatusOr<std::pair<int64_t, int64_t>> RelatedTrials::Version() {
  std::pair<int64_t, int64_t> version;
  absl::Status read = queries_.Each("SELECT count(*), coalesce(sum(position), 0) FROM trials WHERE admitted = 1", {},
                                    [&](const Statement& row) {
                                      version = {row.Int(0), row.Int(1)};
                                      return absl::OkStatus();
                                    });
  if (!read.ok()) return read;
  return version;
}

}  // namespace plasa::store
