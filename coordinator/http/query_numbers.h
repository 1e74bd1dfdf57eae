// Numbers of a request's query.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/http/message.h"
#include "coordinator/store/views.h"

namespace plasa::http {

// A number between 1 and `most`, `fallback` where it is not given; else INVALID_ARGUMENT.
[[nodiscard]] absl::StatusOr<size_t> CountOf(const Request& request, const std::string& name, size_t fallback,
                                             size_t most);

// `from` and `to`, steps, both included; what is not given has no bound. INVALID_ARGUMENT for what is no step or where
// `from` is behind `to`.
[[nodiscard]] absl::StatusOr<store::StepSpan> SpanOf(const Request& request);

}  // namespace plasa::http
