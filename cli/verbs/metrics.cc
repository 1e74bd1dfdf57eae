#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/text.h"
#include "cli/remote/control_client.h"
#include "cli/verbs/verbs.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string trial;
  std::string name;
  int64_t points = 0;
};

void Append(const pb::GetMetricsReply& page, View* view) {
  boost::json::array& points = view->json[view->items].as_array();
  for (const pb::MetricPoint& point : page.points()) {
    points.push_back({{"attempt", point.attempt()},
                      {"name", point.name()},
                      {"step", point.step()},
                      {"value", point.value()},
                      {"time", point.time_unix_s()}});
    view->table.rows.push_back({std::to_string(point.attempt()), point.name(), std::to_string(point.step()),
                                TableCell(Rounded(point.value(), 7), NumberText(point.value()))});
  }
}

View NoPoints() {
  View view;
  view.items = "points";
  view.json = {{"v", 1}, {view.items, boost::json::array()}};
  view.table.columns = {{"attempt", true}, {"name"}, {"step", true}, {"value", true}};
  return view;
}

// A line a point goes out page by page; every other format is one value.
absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  const auto client = context.Coordinator();
  if (!client.ok()) return client.status();
  pb::GetMetricsRequest request;
  request.set_trial(options.trial);
  request.set_name(options.name);
  request.set_max_points(static_cast<uint32_t>(options.points));
  View view = NoPoints();
  bool first = true;
  absl::Status read = (*client)->EachMetrics(request, [&](const pb::GetMetricsReply& page) {
    Append(page, &view);
    if (!context.out().by_lines()) return;
    first ? context.out().Print(view) : context.out().PrintMore(view);
    first = false;
    view = NoPoints();
  });
  if (!read.ok()) return read;
  if (!context.out().by_lines()) context.out().Print(view);
  return ExitCode::kOk;
}

}  // namespace

Verb MetricsVerb() {
  return {"metrics", "Print the metric points of a trial",
          "  plasactl metrics 3f9c0a1b val/loss\n  plasactl metrics 3f9c0a1b -o csv > points.csv\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("TRIAL", &options->trial, "id or unique prefix");
            a.Optional("NAME", &options->name, "one series, e.g. val/loss (default: all)");
            a.Option("--points", "N", &options->points,
                     "at most N points a series, by min/max buckets (default: every point)");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
