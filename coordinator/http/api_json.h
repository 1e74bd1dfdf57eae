// The nouns of docs/http-api.md as JSON.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "coordinator/commands.h"
#include "coordinator/store/views.h"

namespace plasa::http {

[[nodiscard]] boost::json::object SweepJson(const store::SweepView& sweep);
[[nodiscard]] boost::json::object TrialJson(const store::TrialView& trial);
// What a list of trials shows of one: without its audits, its attempts and where its series began.
[[nodiscard]] boost::json::object TrialRowJson(const store::TrialView& trial);
[[nodiscard]] boost::json::object WorkerJson(const WorkerView& worker);
[[nodiscard]] boost::json::object CurveJson(const store::CurveView& curve);
[[nodiscard]] boost::json::object BandJson(const store::BandView& band);
[[nodiscard]] boost::json::object CostJson(const store::CostView& cost);
[[nodiscard]] boost::json::object HappeningJson(const store::HappeningView& happening);
// Trial, last statistics, accepted result, notes.
[[nodiscard]] boost::json::object TrialDetailJson(const store::TrialDetailView& detail);
// Name → [[step, value], …].
[[nodiscard]] boost::json::object SeriesJson(const std::vector<store::SeriesView>& series);
[[nodiscard]] boost::json::object LogJson(const store::LogView& log);

// A list of nouns by one of the above.
template <class View, class ToJson>
[[nodiscard]] boost::json::array ListJson(const std::vector<View>& views, ToJson to_json) {
  boost::json::array list;
  list.reserve(views.size());
  for (const View& view : views) list.push_back(to_json(view));
  return list;
}

}  // namespace plasa::http
