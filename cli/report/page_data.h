// What report.html shows, as the JSON that its script reads (html/).
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "analysis/comparison.h"
#include "cli/report/records.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// {"v", "name", "objective", "minimize", "baseline", "labels", "shown": those to begin with, "lengths", "cells":
// [{"label", "seq_len", "valid", "metrics": {NAME: {"n", "mean", "lo", "hi", "seeds"}}, "improvement", "layers",
// "layer_seeds"}], "rows": one a trial, "audits": one a check, "judged": verdicts.json, "manifest": manifest.json,
// "spec"}. `runs` are those of `results`, in its order.
[[nodiscard]] boost::json::object PageData(const plasa::v1::GetResultsReply& results,
                                           const std::vector<RunRecord>& runs, const analysis::Comparison& comparison,
                                           boost::json::object judged, boost::json::object manifest);

}  // namespace plasa::cli
