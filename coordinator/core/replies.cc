#include "coordinator/core/replies.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace plasa::coordinator {
namespace {

uint32_t NumberAt(const std::vector<std::string>& words, size_t place) {
  uint32_t number = 0;
  return place < words.size() && absl::SimpleAtoi(words[place], &number) ? number : 0;
}

}  // namespace

std::string TextOf(const SubmitOutcome& outcome) {
  return absl::StrCat(outcome.sweep_id, " ", outcome.trials, " ", outcome.created, " ", outcome.requeued);
}
std::string TextOf(const CancelOutcome& outcome) { return absl::StrCat(outcome.canceled, " ", outcome.kept); }
std::string TextOf(const RetryOutcome& outcome) { return absl::StrCat(outcome.trials, " ", outcome.requeued); }

SubmitOutcome ReadSubmitOutcome(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  return {words[0], NumberAt(words, 1), NumberAt(words, 2), NumberAt(words, 3)};
}

CancelOutcome ReadCancelOutcome(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  return {NumberAt(words, 0), NumberAt(words, 1)};
}

RetryOutcome ReadRetryOutcome(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  return {NumberAt(words, 0), NumberAt(words, 1)};
}

}  // namespace plasa::coordinator
