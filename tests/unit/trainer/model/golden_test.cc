#include "trainer/golden.h"

#include <gtest/gtest.h>

#include <sstream>

#include "trainer/audit/causality.h"

namespace plasa::trainer {
namespace {

TEST(Golden, EveryRecordedCasePasses) {
  const auto manifests = GoldenManifests("tests/golden");
  ASSERT_TRUE(manifests.ok()) << manifests.error().Text();
  EXPECT_EQ(manifests->size(), 66u);
  for (const std::string& manifest : *manifests) {
    std::ostringstream out;
    EXPECT_TRUE(CheckGolden(manifest, out)) << out.str();
  }
}

TEST(Golden, AnEmptyFolderIsAnError) {
  std::ostringstream out, err;
  EXPECT_EQ(RunGolden("tests/no-such-folder", out, err), 3);
  EXPECT_NE(err.str().find("tests/no-such-folder"), std::string::npos);
}

TEST(Audit, StrictRunsPassAndLeakyRunsFailCausality) {
  const Config strict = *ResolveConfig(Value::Object{{"preset", "demo"}}),
               leaky = *ResolveConfig(Value::Object{{"ref_leak", true}});
  for (const auto& audit : {CausalityAudit, FutureGradientAudit, SelectedKeysAudit}) {
    EXPECT_TRUE(audit(strict).passed) << audit(strict).name << " " << audit(strict).figure;
    EXPECT_FALSE(audit(leaky).passed) << audit(leaky).name;
  }
}

}  // namespace
}  // namespace plasa::trainer
