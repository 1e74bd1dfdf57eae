#include "coordinator/core/model/states.h"

#include <gtest/gtest.h>

namespace plasa::coordinator {
namespace {

// Each of the first `count` enumerators has a word of its own that is read back.
template <class Enum, class Parse>
void ExpectWordsOf(int count, Parse parse) {
  for (int i = 0; i < count; ++i) EXPECT_EQ(parse(Word(static_cast<Enum>(i))), static_cast<Enum>(i));
  EXPECT_EQ(parse("no such word"), std::nullopt);
}

TEST(States, WordsAreReadBack) {
  ExpectWordsOf<TrialState>(static_cast<int>(TrialState::kQuarantined) + 1, ParseTrialState);
  ExpectWordsOf<AttemptState>(static_cast<int>(AttemptState::kLost) + 1, ParseAttemptState);
  ExpectWordsOf<Cause>(static_cast<int>(Cause::kControlPlane) + 1, ParseCause);
}

}  // namespace
}  // namespace plasa::coordinator
