#include "common/experiment/schedule.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "boost/json/array.hpp"
#include "cli/context.h"
#include "cli/output/suggest.h"
#include "cli/verbs/verbs.h"

namespace plasa::cli {
namespace {

struct Options {
  std::string name;
  int64_t length = 256;
  int64_t layers = 6;
  std::string thirds = "documented";
};

absl::Status UnknownSchedule(const std::string& name) {
  const std::string near = Nearest(name, ScheduleNames());
  return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("there is no schedule \"", name, "\""),
                 near.empty() ? "use one of " + absl::StrJoin(ScheduleNames(), ", ") : "did you mean " + near + "?");
}

View ScheduleView(const Config& config, const Options& options) {
  View view;
  boost::json::array layers;
  view.table.columns = {{"layer", true}, {"k", true}, {"pairs", true}};
  int64_t layer = 0;
  for (const int64_t k : LayerKeys(config, options.length)) {
    const int64_t pairs = Pairs(k, options.length);
    layers.push_back({{"layer", layer}, {"k", k}, {"pairs", pairs}});
    view.table.rows.push_back({std::to_string(layer), std::to_string(k), std::to_string(pairs)});
    ++layer;
  }
  view.json = {{"v", 1},
               {"schedule", options.name},
               {"seq_len", options.length},
               {"thirds", options.thirds},
               {"layers", std::move(layers)}};
  view.items = "layers";
  return view;
}

absl::StatusOr<ExitCode> Run(Context& context, const Options& options) {
  if (!IsNamedSchedule(options.name)) return UnknownSchedule(options.name);
  const auto config = ResolveConfig(Value::Object{{"schedule", options.name},
                                                  {"seq_len", options.length},
                                                  {"n_layers", options.layers},
                                                  {"thirds", options.thirds}});
  if (!config.ok()) return absl::InvalidArgumentError(config.error().Text());
  if (context.out().for_people()) {
    context.out().PrintRaw(ScheduleTable(*config, options.length));
  } else {
    context.out().Print(ScheduleView(*config, options));
  }
  return ExitCode::kOk;
}

}  // namespace

Verb ScheduleVerb() {
  return {"schedule", "Print how many keys each layer may attend to",
          "  plasactl schedule progressive_sparse -L 1024\n  plasactl schedule aggressive_middle -L 128 --layers 4\n",
          [](Arguments& a) -> Body {
            auto options = std::make_shared<Options>();
            a.Required("NAME", &options->name,
                       "dense_baseline, uniform_sparse, dense_to_sparse, aggressive_middle, ...");
            a.Option("-L,--length", "L", &options->length, "window length (256)");
            a.Option("--layers", "N", &options->layers, "number of layers (6)");
            a.Option("--thirds", "RULE", &options->thirds, "documented or upstream");
            return [options](Context& context) { return Run(context, *options); };
          }};
}

}  // namespace plasa::cli
