#include "cli/export/points.h"

#include "absl/strings/str_cat.h"
#include "cli/output/json_text.h"
#include "cli/output/printer.h"
#include "cli/remote/words.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

std::string ParamText(const json::object& params, const std::string& name) {
  const json::value* value = params.if_contains(name);
  if (value == nullptr) return "";
  return value->is_string() ? std::string(value->get_string()) : JsonText(*value);
}

}  // namespace

CsvPoints::CsvPoints(const pb::GetSweepReply& sweep) {
  for (const pb::Trial& trial : sweep.trials()) {
    for (const auto& member : ParseObjectOrEmpty(trial.params_json())) params_.insert(std::string(member.key()));
  }
  params_.erase("seed");
}

std::string CsvPoints::Head() const {
  std::string line = "trial,seed";
  for (const std::string& name : params_) absl::StrAppend(&line, ",", CsvField("param." + name));
  return line + ",attempt,name,step,value,time,invalid\n";
}

std::string CsvPoints::Line(const pb::Trial& trial, const pb::MetricPoint& point) const {
  const json::object params = ParseObjectOrEmpty(trial.params_json());
  std::string line = absl::StrCat(trial.id(), ",", trial.seed());
  for (const std::string& name : params_) absl::StrAppend(&line, ",", CsvField(ParamText(params, name)));
  absl::StrAppend(&line, ",", point.attempt(), ",", CsvField(point.name()), ",", point.step(), ",",
                  NumberText(point.value()), ",", NumberText(point.time_unix_s()), ",", CsvField(InvalidText(trial)),
                  "\n");
  return line;
}

std::string JsonPoints::Line(const pb::Trial& trial, const pb::MetricPoint& point) const {
  return JsonText(json::object{{"trial", trial.id()},
                               {"seed", trial.seed()},
                               {"params", ParseObjectOrEmpty(trial.params_json())},
                               {"attempt", point.attempt()},
                               {"name", point.name()},
                               {"step", point.step()},
                               {"value", point.value()},
                               {"time", point.time_unix_s()},
                               {"invalid", InvalidText(trial)}}) +
         "\n";
}

}  // namespace plasa::cli
