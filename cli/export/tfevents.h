// Event files as TensorBoard reads them: TFRecord frames of Event messages. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace plasa::cli {

// One frame: length, masked CRC-32C of the length, the bytes, masked CRC-32C of the bytes.
[[nodiscard]] std::string TfRecord(const std::string& bytes);

// The first event of every file: which version of the format it is.
[[nodiscard]] std::string TfVersionEvent(double time_unix_s);

// One scalar of one step. The format keeps values in single precision.
[[nodiscard]] std::string TfScalarEvent(const std::string& name, int64_t step, double value, double time_unix_s);

}  // namespace plasa::cli
