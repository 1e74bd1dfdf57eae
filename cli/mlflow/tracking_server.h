// MLflow's tracking server, as its REST API 2.0 is documented.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/mlflow/json_http.h"

namespace plasa::cli {

using KeyValues = std::vector<std::pair<std::string, std::string>>;

// A run as the server has it.
struct TrackedRun {
  std::string id;
  std::string name;
  std::string status;
  int64_t end_ms = 0;  // 0: none
  std::map<std::string, std::string> tags;
  std::map<std::string, int64_t> last_step;  // by metric
};

// The calls that a push needs, one request each. Main thread only. It keeps MLflow's shapes and error words to itself
// and knows nothing of sweeps; the limits of a batch are the caller's to keep.
class TrackingServer {
 public:
  explicit TrackingServer(JsonHttp http) : http_(std::move(http)) {}

  // The id of the experiment of that name, which is made where there is none.
  [[nodiscard]] absl::StatusOr<std::string> Experiment(const std::string& name) const;

  // The newest run that carries the tag.
  [[nodiscard]] absl::StatusOr<std::optional<TrackedRun>> FindRun(const std::string& experiment, const std::string& tag,
                                                                  const std::string& value) const;
  [[nodiscard]] absl::StatusOr<TrackedRun> CreateRun(const std::string& experiment, const std::string& name,
                                                     int64_t start_ms, const KeyValues& tags) const;
  [[nodiscard]] absl::Status LogMetrics(const std::string& run, boost::json::array metrics) const;
  [[nodiscard]] absl::Status LogParams(const std::string& run, const KeyValues& params) const;
  [[nodiscard]] absl::Status SetTags(const std::string& run, const KeyValues& tags) const;
  [[nodiscard]] absl::Status Rename(const std::string& run, const std::string& name) const;
  // `end_ms` 0: it has not ended.
  [[nodiscard]] absl::Status SetStatus(const std::string& run, const std::string& status, int64_t end_ms) const;
  // Into MLflow's bin: `mlflow gc` empties it, until then it can be restored.
  [[nodiscard]] absl::Status DeleteRun(const std::string& run) const;

 private:
  absl::StatusOr<boost::json::object> Call(const std::string& method, const std::string& path,
                                           boost::json::object body) const;
  absl::Status Post(const std::string& path, boost::json::object body) const;
  absl::Status RefusalOf(const JsonReply& reply, const std::string& what) const;

  const JsonHttp http_;
};

}  // namespace plasa::cli
