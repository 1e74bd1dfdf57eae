// The judgement of a probe, with parts that answer as the test says.
#include "coordinator/self_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace plasa {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

ProbedPart Answering(const std::string& name, absl::Status answer) {
  return {name, [answer](milliseconds, const ProbedPart::Answered& answered) { answered(answer); }};
}

// A part that keeps its question until the test answers it.
struct Hanging {
  int asked = 0;
  ProbedPart::Answered answered;

  ProbedPart Part(const std::string& name) {
    return {name, [this](milliseconds, ProbedPart::Answered a) {
              ++asked;
              answered = std::move(a);
            }};
  }
};

TEST(SelfProbe, AllIsWell) {
  SelfProbe probe({Answering("core", absl::OkStatus()), Answering("store", absl::OkStatus())});
  EXPECT_THAT(probe.Ask(hours(1)), IsEmpty());
  EXPECT_THAT(probe.Ask(hours(1)), IsEmpty()) << "and again";
}

TEST(SelfProbe, AnAnswerFromAnotherThreadIsWaitedFor) {
  std::future<void> other;
  SelfProbe probe({{"grpc", [&other](milliseconds, ProbedPart::Answered answered) {
                      other = std::async(std::launch::async,
                                         [answered = std::move(answered)] { answered(absl::OkStatus()); });
                    }}});
  EXPECT_THAT(probe.Ask(hours(1)), IsEmpty());
}

TEST(SelfProbe, ABadAnswerIsNamedAndTheOthersAreHeard) {
  SelfProbe probe({Answering("core", absl::OkStatus()), Answering("http", absl::UnavailableError("answered 500"))});
  EXPECT_THAT(probe.Ask(hours(1)), ElementsAre("http: answered 500"));
}

TEST(SelfProbe, WhatHangsIsNamedAndNotAskedAgain) {
  Hanging store;
  SelfProbe probe({Answering("core", absl::OkStatus()), store.Part("store")});
  EXPECT_THAT(probe.Ask(milliseconds(1)), ElementsAre("store: no answer within 0.001 s"));
  EXPECT_THAT(probe.Ask(milliseconds(2)), ElementsAre("store: no answer within 0.002 s"));
  EXPECT_EQ(store.asked, 1) << "nothing piles up behind what hangs";
}

TEST(SelfProbe, WhatAnswersLateIsAskedAgain) {
  Hanging store;
  SelfProbe probe({store.Part("store")});
  ASSERT_THAT(probe.Ask(milliseconds(1)), testing::SizeIs(1));
  store.answered(absl::OkStatus());
  store.answered = nullptr;
  ASSERT_THAT(probe.Ask(milliseconds(1)), testing::SizeIs(1)) << "an old answer does not count for the next question";
  EXPECT_EQ(store.asked, 2);
}

TEST(SelfProbe, AnAnswerAfterTheEndTouchesNothing) {
  Hanging store;
  {
    SelfProbe probe({store.Part("store")});
    ASSERT_THAT(probe.Ask(milliseconds(1)), testing::SizeIs(1));
  }
  store.answered(absl::OkStatus());
}

TEST(ProbeThread, GoesRoundAfterRoundAndStopsWhateverHangs) {
  std::promise<void> three;
  int rounds = 0;
  {
    ProbeThread thread(SelfProbe({Answering("core", absl::UnavailableError("dead"))}), milliseconds(1),
                       [&](const std::vector<std::string>& silent) {
                         EXPECT_THAT(silent, ElementsAre("core: dead"));
                         if (++rounds == 3) three.set_value();
                       });
    three.get_future().wait();
  }
  std::promise<void> asked;
  const ProbeThread stuck(SelfProbe({{"store", [&asked](milliseconds, const auto&) { asked.set_value(); }}}), hours(1),
                          [](const auto&) { ADD_FAILURE() << "a round that was ended is not judged"; });
  asked.get_future().wait();
}

}  // namespace
}  // namespace plasa
