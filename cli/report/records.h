// The coordinator's results as what analysis works on.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "analysis/trial_record.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// A succeeded trial with the whole record its trainer wrote.
struct RunRecord {
  analysis::TrialRecord trial;
  boost::json::object record;  // the per-run result file
};

// Every trial of the sweep; those that did not succeed have an empty record.
[[nodiscard]] std::vector<RunRecord> RunRecords(const plasa::v1::GetResultsReply& results);

// The trials of other sweeps that came with the results.
[[nodiscard]] std::vector<analysis::TrialRecord> RelatedTrials(const plasa::v1::GetResultsReply& results);

// `label` as part of a file name: letters, digits, '_', '-', '.'; everything else becomes '-'. At most 150 bytes: a
// longer one ends in the beginning of its SHA-256.
[[nodiscard]] std::string FileSlug(const std::string& label);

}  // namespace plasa::cli
