#include "cli/mlflow/tracking_server.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "cli/output/terminal.h"
#include "common/runtime/json.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

constexpr char kApi[] = "/api/2.0/mlflow/";
constexpr char kNoSuchThing[] = "RESOURCE_DOES_NOT_EXIST";

json::array PairsJson(const KeyValues& pairs) {
  json::array out;
  for (const auto& [key, value] : pairs) out.push_back(json::object{{"key", key}, {"value", value}});
  return out;
}

// The member of that name; an empty object where there is none.
json::object ObjectAt(const json::object& object, const char* key) {
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_object() ? found->get_object() : json::object();
}

std::vector<json::object> ObjectsAt(const json::object& object, const char* key) {
  std::vector<json::object> out;
  const auto* found = object.if_contains(key);
  if (found == nullptr || !found->is_array()) return out;
  for (const json::value& item : found->get_array()) {
    if (item.is_object()) out.push_back(item.get_object());
  }
  return out;
}

TrackedRun RunOf(const json::object& run) {
  const json::object info = ObjectAt(run, "info"), data = ObjectAt(run, "data");
  TrackedRun out;
  out.id = TextOr(info, "run_id", "");
  out.name = TextOr(info, "run_name", "");
  out.status = TextOr(info, "status", "");
  out.end_ms = IntegerOr(info, "end_time", 0);
  for (const json::object& tag : ObjectsAt(data, "tags")) out.tags[TextOr(tag, "key", "")] = TextOr(tag, "value", "");
  for (const json::object& metric : ObjectsAt(data, "metrics"))
    out.last_step[TextOr(metric, "key", "")] = IntegerOr(metric, "step", 0);
  return out;
}

absl::StatusCode CodeOf(int http_status) {
  switch (http_status) {
    case 401:
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 429:
    case 502:
    case 503:
    case 504:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

std::string MendOf(absl::StatusCode code) {
  if (code == absl::StatusCode::kPermissionDenied)
    return "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN";
  return code == absl::StatusCode::kUnavailable ? "try again later" : "the server's log may say more";
}

}  // namespace

absl::Status TrackingServer::RefusalOf(const JsonReply& reply, const std::string& what) const {
  const std::string word = TextOr(reply.body, "error_code", "");
  const std::string text = Harmless(reply.is_json ? TextOr(reply.body, "message", reply.text) : reply.text, false);
  if (word == kNoSuchThing) return Failure(absl::StatusCode::kNotFound, absl::StrCat("MLflow: ", text));
  const absl::StatusCode code = CodeOf(reply.status);
  if (word.empty() && reply.status < 500 && code == absl::StatusCode::kInternal)
    return Failure(absl::StatusCode::kUnavailable,
                   absl::StrCat(http_.url().Text(), " is no MLflow server: it answered ", reply.status, " to ", what),
                   "give the address that MLflow's page has in a browser, with its path");
  return Failure(code, absl::StrCat(http_.url().Text(), " answered ", reply.status, " to ", what, ": ", text),
                 MendOf(code));
}

absl::StatusOr<json::object> TrackingServer::Call(const std::string& method, const std::string& path,
                                                  json::object body) const {
  auto reply = http_.Send(method, kApi + path, body);
  if (!reply.ok()) return reply.status();
  if (reply->status != 200 || !reply->is_json)
    return RefusalOf(*reply, absl::StrCat(method, " ", path.substr(0, path.find('?'))));
  return std::move(reply->body);
}

absl::Status TrackingServer::Post(const std::string& path, json::object body) const {
  return Call("POST", path, std::move(body)).status();
}

absl::StatusOr<std::string> TrackingServer::Experiment(const std::string& name) const {
  const std::string encoded = boost::urls::encode(name, boost::urls::unreserved_chars);
  const auto found = Call("GET", "experiments/get-by-name?experiment_name=" + encoded, {});
  if (found.ok()) {
    const json::object experiment = ObjectAt(*found, "experiment");
    if (TextOr(experiment, "lifecycle_stage", "active") != "active")
      return Failure(absl::StatusCode::kFailedPrecondition, absl::StrCat("MLflow's experiment ", name, " is deleted"),
                     "restore it there, or name another with --experiment");
    return TextOr(experiment, "experiment_id", "");
  }
  if (found.status().code() != absl::StatusCode::kNotFound) return found.status();
  const auto made = Call("POST", "experiments/create", {{"name", name}});
  if (!made.ok()) return made.status();
  return TextOr(*made, "experiment_id", "");
}

absl::StatusOr<std::optional<TrackedRun>> TrackingServer::FindRun(const std::string& experiment, const std::string& tag,
                                                                  const std::string& value) const {
  const auto found = Call("POST", "runs/search",
                          {{"experiment_ids", json::array{experiment}},
                           {"filter", absl::StrCat("tags.`", tag, "` = '", value, "'")},
                           {"max_results", 1}});
  if (!found.ok()) return found.status();
  const std::vector<json::object> runs = ObjectsAt(*found, "runs");
  return runs.empty() ? std::nullopt : std::optional(RunOf(runs[0]));
}

absl::StatusOr<TrackedRun> TrackingServer::CreateRun(const std::string& experiment, const std::string& name,
                                                     int64_t start_ms, const KeyValues& tags) const {
  const auto made =
      Call("POST", "runs/create",
           {{"experiment_id", experiment}, {"run_name", name}, {"start_time", start_ms}, {"tags", PairsJson(tags)}});
  if (!made.ok()) return made.status();
  return RunOf(ObjectAt(*made, "run"));
}

absl::Status TrackingServer::LogMetrics(const std::string& run, json::array metrics) const {
  return Post("runs/log-batch", {{"run_id", run}, {"metrics", std::move(metrics)}});
}

absl::Status TrackingServer::LogParams(const std::string& run, const KeyValues& params) const {
  return Post("runs/log-batch", {{"run_id", run}, {"params", PairsJson(params)}});
}

absl::Status TrackingServer::SetTags(const std::string& run, const KeyValues& tags) const {
  return Post("runs/log-batch", {{"run_id", run}, {"tags", PairsJson(tags)}});
}

absl::Status TrackingServer::Rename(const std::string& run, const std::string& name) const {
  return Post("runs/update", {{"run_id", run}, {"run_name", name}});
}

absl::Status TrackingServer::SetStatus(const std::string& run, const std::string& status, int64_t end_ms) const {
  json::object body{{"run_id", run}, {"status", status}};
  if (end_ms > 0) body["end_time"] = end_ms;
  return Post("runs/update", std::move(body));
}

absl::Status TrackingServer::DeleteRun(const std::string& run) const { return Post("runs/delete", {{"run_id", run}}); }

}  // namespace plasa::cli
