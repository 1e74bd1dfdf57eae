#include "cli/report/manifest.h"

#include <boost/json/array.hpp>
#include <map>
#include <set>

#include "cli/remote/model_json.h"
#include "cli/remote/words.h"
#include "cli/report/environment.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
namespace pb = plasa::v1;

// Everything that the attempts of a sweep met.
struct Provenance {
  std::set<std::string> builds;
  std::set<std::string> data_digests;
  std::set<std::string> hardware_classes;
  std::set<std::string> workers;
  std::map<std::string, int> faults;        // by cause
  std::map<std::string, int> certificates;  // of trials that ended well, by state
  json::array attempts;
  json::array checkpoints;
};

void Insert(std::set<std::string>* set, const std::string& text) {
  if (!text.empty()) set->insert(text);
}

json::object CheckpointJson(const std::string& trial, const pb::Checkpoint& checkpoint) {
  json::object files;
  for (const pb::CheckpointFile& file : checkpoint.files()) files[file.name()] = file.sha256();
  return {{"trial", trial}, {"step", checkpoint.step()}, {"digest", checkpoint.digest()}, {"files", std::move(files)}};
}

Provenance Collect(const pb::GetResultsReply& results) {
  Provenance out;
  for (const pb::TrialResult& result : results.results()) {
    const auto& attempts = result.trial().attempts();
    if (result.trial().state() == pb::TRIAL_SUCCEEDED && !attempts.empty())
      ++out.certificates[attempts.rbegin()->certificate().state()];
    if (result.has_checkpoint()) out.checkpoints.push_back(CheckpointJson(result.trial().id(), result.checkpoint()));
    for (const pb::Attempt& attempt : attempts) {
      Insert(&out.builds, attempt.build());
      Insert(&out.data_digests, attempt.data_digest());
      Insert(&out.hardware_classes, attempt.hardware_class());
      Insert(&out.workers, attempt.worker());
      const std::string cause = CauseWord(attempt.cause());
      if (!cause.empty()) ++out.faults[cause];
      json::object entry = AttemptJson(attempt);
      entry["trial"] = result.trial().id();
      out.attempts.push_back(std::move(entry));
    }
  }
  return out;
}

json::array List(const std::set<std::string>& set) {
  json::array out;
  for (const std::string& text : set) out.push_back(json::string(text));
  return out;
}

json::object Counts(const std::map<std::string, int>& counts) {
  json::object out;
  for (const auto& [word, count] : counts) out[word] = count;
  return out;
}

}  // namespace

json::object ManifestJson(const pb::GetResultsReply& results, const std::string& results_sha256) {
  Provenance provenance = Collect(results);
  return {{"v", 1},
          {"plasa", PLASA_VERSION},
          {"code", CodeJson()},
          {"environment", EnvironmentJson()},
          {"results_csv_sha256", results_sha256},
          {"sweep", SweepJson(results.sweep())},
          {"builds", List(provenance.builds)},
          {"data_digests", List(provenance.data_digests)},
          {"hardware_classes", List(provenance.hardware_classes)},
          {"workers", List(provenance.workers)},
          {"faults", Counts(provenance.faults)},
          {"resume_certificates", Counts(provenance.certificates)},
          {"checkpoints", std::move(provenance.checkpoints)},
          {"attempts", std::move(provenance.attempts)}};
}

}  // namespace plasa::cli
