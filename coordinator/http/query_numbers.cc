#include "coordinator/http/query_numbers.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/number_text.h"

namespace plasa::http {

absl::StatusOr<size_t> CountOf(const Request& request, const std::string& name, size_t fallback, size_t most) {
  const std::string text = request.Query(name);
  if (text.empty()) return fallback;
  const std::optional<int64_t> count = ParseInt(text);
  if (count && *count >= 1 && static_cast<uint64_t>(*count) <= most) return static_cast<size_t>(*count);
  return absl::InvalidArgumentError(absl::StrCat(name, " is a number from 1 to ", most));
}

absl::StatusOr<store::StepSpan> SpanOf(const Request& request) {
  store::StepSpan span;
  for (auto [name, bound] : {std::pair("from", &span.from), std::pair("to", &span.to)}) {
    const std::string text = request.Query(name);
    if (text.empty()) continue;
    const std::optional<int64_t> step = ParseInt(text);
    if (!step) return absl::InvalidArgumentError(absl::StrCat(name, " is a step, a whole number"));
    *bound = *step;
  }
  if (span.from > span.to) return absl::InvalidArgumentError("from is a step at or before to");
  return span;
}

}  // namespace plasa::http
