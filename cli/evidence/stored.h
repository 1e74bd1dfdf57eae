// Checks of what a coordinator and a report keep, without running anything.
#pragma once

#include <filesystem>

#include "cli/evidence/check.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// Every result event's final metrics are the last stored points of their series, to the bit; a trial that counts passed
// all its audits, and one with invalid reasons is not valid.
[[nodiscard]] Check CheckResults(const plasa::v1::GetResultsReply& results);

// Every chain is what it must be by the attempts' hardware, build, data, and what they loaded (docs/science.md); a
// trial that counts hangs on no broken one.
[[nodiscard]] Check CheckCertificates(const plasa::v1::GetResultsReply& results);

// The files of published checkpoints below `artifacts` have the digests they are named by.
[[nodiscard]] Check CheckArtifacts(const plasa::v1::GetResultsReply& results, const std::filesystem::path& artifacts);

// Every file that the report's manifest.json names is there with its digest, and its results.csv is the table that the
// coordinator gives now. One check each.
[[nodiscard]] std::vector<Check> CheckReport(const plasa::v1::GetResultsReply& results,
                                             const std::filesystem::path& report);

}  // namespace plasa::cli
