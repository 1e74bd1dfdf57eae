#include "coordinator/http/event_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>
#include <utility>

#include "common/runtime/json.h"

namespace plasa::http {
namespace {

namespace json = boost::json;
using NamedPoint = std::pair<std::string, store::Point>;

constexpr size_t kPointsPerTrial = 256;

// All changes of a batch in one.
struct Batch {
  std::set<std::string> sweeps, trials;
  bool workers = false;
  std::map<std::string, std::string> sweep_of;            // trial → sweep
  std::map<std::string, std::vector<NamedPoint>> points;  // trial → points

  void Add(const LiveChange& change) {
    sweeps.insert(change.sweeps.begin(), change.sweeps.end());
    trials.insert(change.trials.begin(), change.trials.end());
    workers |= change.workers;
    for (const LivePoints& more : change.points) {
      sweep_of[more.trial] = more.sweep;
      std::vector<NamedPoint>& all = points[more.trial];
      all.insert(all.end(), more.points.begin(), more.points.end());
    }
  }
};

std::string IdLine(uint64_t cursor) { return "id: " + std::to_string(cursor) + "\n"; }

void Append(std::string& text, const char* event, const json::object& data) {
  text.append("event: ").append(event).append("\ndata: ").append(json::serialize(data)).append("\n\n");
}

json::array NewestPoints(const std::vector<NamedPoint>& points) {
  json::array list;
  for (size_t i = points.size() > kPointsPerTrial ? points.size() - kPointsPerTrial : 0; i < points.size(); ++i) {
    list.push_back(json::array{points[i].first, points[i].second.step, JsonNumber(points[i].second.value)});
  }
  return list;
}

json::array Names(const std::set<std::string>& names) { return json::array(names.begin(), names.end()); }

}  // namespace

std::string BatchText(const std::vector<LiveChange>& changes, uint64_t cursor) {
  Batch batch;
  for (const LiveChange& change : changes) batch.Add(change);
  std::string text;
  for (const auto& [trial, points] : batch.points) {
    Append(text, "points", {{"trial", trial}, {"sweep", batch.sweep_of[trial]}, {"points", NewestPoints(points)}});
  }
  text += IdLine(cursor);
  Append(text, "change",
         {{"sweeps", Names(batch.sweeps)}, {"trials", Names(batch.trials)}, {"workers", batch.workers}});
  return text;
}

std::string BeginText(uint64_t cursor) {
  std::string text = IdLine(cursor);
  Append(text, "begin", {{"cursor", cursor}});
  return text;
}

std::string ResetText(uint64_t cursor) {
  std::string text = IdLine(cursor);
  Append(text, "reset", {});
  return text;
}

}  // namespace plasa::http
