#include "cli/evidence/stored.h"

#include <bit>
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "cli/output/json_text.h"
#include "cli/remote/state_dir.h"
#include "cli/report/records.h"
#include "cli/report/tree.h"
#include "common/base/number_text.h"
#include "common/base/resume_chain.h"
#include "common/base/sha256.h"
#include "common/runtime/artifact_path.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
namespace pb = plasa::v1;

bool SameBits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

bool Counts(const pb::Trial& trial) { return trial.state() == pb::TRIAL_SUCCEEDED && trial.admitted(); }

void CompareFinals(const pb::TrialResult& result, const analysis::TrialRecord& record, Check* check) {
  const json::object event = ParseObjectOrEmpty(result.result_json());
  if (!event.contains("metrics")) return;
  for (const pb::MetricValue& stored : result.trial().metrics()) {
    const auto final_value = record.metrics.find(stored.name());
    if (final_value == record.metrics.end()) continue;
    ++check->compared;
    if (SameBits(final_value->second, stored.value())) continue;
    check->Differs(absl::StrCat("trial ", record.id, ": the result says ", stored.name(), " = ",
                                NumberText(final_value->second), ", its last point ", NumberText(stored.value())));
  }
}

void CompareAudits(const pb::Trial& trial, Check* check) {
  for (const pb::AuditResult& audit : trial.audits()) {
    ++check->compared;
    if (!audit.passed() && trial.valid())
      check->Differs(absl::StrCat("trial ", trial.id(), " counts as valid, but failed audit ", audit.number()));
  }
  if (trial.valid() && trial.invalid_reasons_size() > 0)
    check->Differs(absl::StrCat("trial ", trial.id(), " counts as valid in spite of ", trial.invalid_reasons(0)));
}

// Empty, or the chain that the attempt must have.
std::string ExpectedChain(const pb::Trial& trial, const pb::Attempt& attempt,
                          const std::map<int64_t, std::string>& chains) {
  const pb::ResumeCertificate& certificate = attempt.certificate();
  if (certificate.loaded().empty())
    return FirstResumeLink(trial.id(), certificate.hardware_class(), attempt.build(), attempt.data_digest());
  const auto before = chains.find(certificate.from());
  return before == chains.end() ? "" : NextResumeLink(before->second, attempt.start_step(), certificate.loaded());
}

void CompareChains(const pb::Trial& trial, Check* check) {
  std::map<int64_t, std::string> chains;
  for (const pb::Attempt& attempt : trial.attempts()) {
    const pb::ResumeCertificate& certificate = attempt.certificate();
    if (certificate.state() != "holds") continue;
    ++check->compared;
    const std::string expected = ExpectedChain(trial, attempt, chains);
    chains[attempt.number()] = expected;
    if (expected == certificate.chain()) continue;
    check->Differs(absl::StrCat("trial ", trial.id(), " attempt ", attempt.number(), ": the chain is ",
                                certificate.chain(), ", by its attempts it must be ", expected));
  }
  if (trial.attempts().empty() || !Counts(trial)) return;
  const pb::ResumeCertificate& last = trial.attempts().rbegin()->certificate();
  if (last.state() == "broken") check->Differs(absl::StrCat("trial ", trial.id(), " counts, but ", last.objection()));
}

// Empty, or what is wrong with the file.
std::string WrongWith(const fs::path& file, const std::string& digest) {
  const auto text = ReadFile(file);
  if (!text.ok()) return "is not there";
  return Sha256Hex(*text) == digest ? "" : "has other bytes than its digest says";
}

}  // namespace

Check CheckResults(const pb::GetResultsReply& results) {
  Check check{"results and audits", 0, CheckResult::kEqual, {}};
  const std::vector<RunRecord> runs = RunRecords(results);
  for (size_t i = 0; i < runs.size(); ++i) {
    const pb::TrialResult& result = results.results(static_cast<int>(i));
    if (!Counts(result.trial())) continue;
    CompareFinals(result, runs[i].trial, &check);
    CompareAudits(result.trial(), &check);
  }
  return check;
}

Check CheckCertificates(const pb::GetResultsReply& results) {
  Check check{"resume certificates", 0, CheckResult::kEqual, {}};
  for (const pb::TrialResult& result : results.results()) CompareChains(result.trial(), &check);
  return check;
}

Check CheckArtifacts(const pb::GetResultsReply& results, const fs::path& artifacts) {
  Check check{"checkpoint files", 0, CheckResult::kEqual, {}};
  std::error_code error;
  if (!fs::is_directory(artifacts, error))
    return Skipped(check.name, absl::StrCat("they are on the coordinator's machine; there is no ", artifacts.string()));
  for (const pb::TrialResult& result : results.results()) {
    for (const pb::CheckpointFile& file : result.checkpoint().files()) {
      ++check.compared;
      const std::string wrong = IsSha256Hex(file.sha256())
                                    ? WrongWith(ArtifactPath(artifacts.string(), file.sha256()), file.sha256())
                                    : "is named by no digest";
      if (!wrong.empty())
        check.Differs(absl::StrCat("trial ", result.trial().id(), ": ", file.name(), " (", file.sha256(), ") ", wrong));
    }
  }
  return check;
}

std::vector<Check> CheckReport(const pb::GetResultsReply& results, const fs::path& report) {
  Check files{"files of the report", 0, CheckResult::kEqual, {}};
  Check table{"table of results", 1, CheckResult::kEqual, {}};
  const auto text = ReadFile(report / "manifest.json");
  const json::object manifest = ParseObjectOrEmpty(text.ok() ? *text : "");
  const json::value* named = manifest.if_contains("files");
  if (named == nullptr || !named->is_object()) {
    files.Differs(absl::StrCat((report / "manifest.json").string(), " is not there or names no files"));
    return {files};
  }
  for (const auto& member : named->get_object()) {
    ++files.compared;
    const std::string digest = member.value().is_string() ? std::string(member.value().get_string()) : "";
    const std::string wrong = WrongWith(report / std::string(member.key()), digest);
    if (!wrong.empty()) files.Differs(absl::StrCat(std::string(member.key()), " ", wrong));
  }
  const std::string now = Sha256Hex(ResultTable(results));
  const json::value* then = manifest.if_contains("results_csv_sha256");
  if (then == nullptr || !then->is_string() || then->get_string() != now)
    table.Differs(absl::StrCat("the coordinator's table has the digest ", now, " now, the report has another"));
  return {files, table};
}

}  // namespace plasa::cli
