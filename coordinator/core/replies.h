// Outcomes of users' requests as they are stored with the request's id: words apart by spaces.
#pragma once

#include <string>

#include "coordinator/core/model/user_commands.h"

namespace plasa::coordinator {

[[nodiscard]] std::string TextOf(const SubmitOutcome& outcome);
[[nodiscard]] std::string TextOf(const CancelOutcome& outcome);
[[nodiscard]] std::string TextOf(const RetryOutcome& outcome);

// What is missing in the text is 0.
[[nodiscard]] SubmitOutcome ReadSubmitOutcome(const std::string& text);
[[nodiscard]] CancelOutcome ReadCancelOutcome(const std::string& text);
[[nodiscard]] RetryOutcome ReadRetryOutcome(const std::string& text);

}  // namespace plasa::coordinator
