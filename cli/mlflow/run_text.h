// A trial as a run of MLflow: its texts, within what a tracking server takes. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "cli/mlflow/tracking_server.h"
#include "plasa/v1/control.pb.h"

namespace plasa::cli {

// How many of a kind one batch may hold. MLflow takes 100 parameters and 1 MB; this many of the longest values stay
// below that however JSON escapes them.
inline constexpr size_t kBatchMetrics = 1000;
inline constexpr size_t kBatchParams = 25;

// `name` as the key of a metric, parameter or tag. One that MLflow would refuse (other characters, over 250 of them, a
// path that leads elsewhere) is written with '_' in their place, and the beginning of its SHA-256 behind it.
[[nodiscard]] std::string KeyOf(const std::string& name);

// `name`, with "INVALID " before it where the trial's result is that of a reference mode.
[[nodiscard]] std::string RunTitle(const plasa::v1::Trial& trial, const std::string& name);

// RUNNING, SCHEDULED, FINISHED, FAILED or KILLED.
[[nodiscard]] std::string RunStatus(plasa::v1::TrialState state);

// Values of over 6,000 bytes are cut.
[[nodiscard]] KeyValues RunParams(const plasa::v1::Trial& trial);

// What plasa knows of a trial beside its parameters. plasa.attempt is the attempt whose points the run holds.
[[nodiscard]] KeyValues RunTags(const plasa::v1::Sweep& sweep, const plasa::v1::Trial& trial);

// The number of the newest attempt; 0 before the first.
[[nodiscard]] int64_t NewestAttempt(const plasa::v1::Trial& trial);

// When the first attempt began, and when the last one ended (0 while the trial has not).
[[nodiscard]] int64_t StartMs(const plasa::v1::Trial& trial);
[[nodiscard]] int64_t EndMs(const plasa::v1::Trial& trial);

}  // namespace plasa::cli
