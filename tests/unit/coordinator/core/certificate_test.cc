// P7: what scripts cannot say: checkpoints whose makers attested nothing. Links that hold or break: the scripts.
#include "coordinator/core/certificate.h"

#include <gtest/gtest.h>

namespace plasa::coordinator {
namespace {

AttemptRecord Second() {
  AttemptRecord attempt;
  attempt.trial = "t";
  attempt.number = 2;
  return attempt;
}

PublishedCheckpoint At20() {
  PublishedCheckpoint checkpoint;
  checkpoint.ref.digest = "d";
  checkpoint.ref.step = 20;
  return checkpoint;
}

// It was published by a plasa that kept no certificates: its class, build and data are not known, which is no change.
TEST(Certify, AnOlderCheckpointBreaksNothing) {
  const ResumeCertificate certificate = Certify(Second(), StartFacts{100, "class", "build", "data", "d"}, 20, At20());
  EXPECT_EQ(certificate.objection, "");
  EXPECT_EQ(certificate.chain, "") << "nothing is attested either";
}

TEST(Certify, AnOlderCheckpointIsStillTheOneThatMustBeLoaded) {
  const auto objection = [](const std::string& loaded, int64_t step) {
    return Certify(Second(), StartFacts{100, "class", "build", "data", loaded}, step, At20()).objection;
  };
  EXPECT_NE(objection("other", 20), "");
  EXPECT_NE(objection("d", 10), "");
}

}  // namespace
}  // namespace plasa::coordinator
