// The columns that hold a small structure as JSON.
#pragma once

#include <string>
#include <vector>

#include "coordinator/core/model/records.h"

namespace plasa::store {

[[nodiscard]] std::string LimitsJson(const TrialLimits& limits);
[[nodiscard]] TrialLimits ReadLimits(const std::string& json);

[[nodiscard]] std::string FailuresJson(const coordinator::TrialRecord& trial);
void ReadFailures(const std::string& json, coordinator::TrialRecord* trial);

[[nodiscard]] std::string AuditsJson(const coordinator::AttemptRecord& attempt);
void ReadAudits(const std::string& json, coordinator::AttemptRecord* attempt);

[[nodiscard]] std::string ResultJson(const coordinator::AttemptRecord& attempt);
void ReadResult(const std::string& json, coordinator::AttemptRecord* attempt);

[[nodiscard]] std::string CertificateJson(const coordinator::ResumeCertificate& certificate);
[[nodiscard]] coordinator::ResumeCertificate ReadCertificate(const std::string& json);

// The attempt that made a checkpoint, with its certificate.
[[nodiscard]] std::string OriginJson(const coordinator::PublishedCheckpoint& checkpoint);
void ReadOrigin(const std::string& json, coordinator::PublishedCheckpoint* checkpoint);

[[nodiscard]] std::string SlotsJson(const std::vector<WorkerSlot>& slots);
[[nodiscard]] std::vector<WorkerSlot> ReadSlots(const std::string& json);

[[nodiscard]] std::string TextsJson(const std::vector<std::string>& texts);
[[nodiscard]] std::vector<std::string> ReadTexts(const std::string& json);

}  // namespace plasa::store
