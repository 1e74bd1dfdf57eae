// All audits with their figures; a minute.
#include <gtest/gtest.h>

#include "trainer/audit/attempt_audits.h"

namespace plasa::trainer {
namespace {

TEST(AllAudits, AStrictConfigurationPasses) {
  RunSpec spec;
  spec.config = *ResolveConfig(Value::Object{{"preset", "demo"}});
  spec.data = TaskSpec{};
  const auto audits = AllAudits(spec, PLASA_TRAINER);
  ASSERT_TRUE(audits.ok()) << audits.error().Text();
  for (const AuditResult& a : *audits) {
    EXPECT_TRUE(a.passed) << a.number << " " << a.name << " " << a.figure << " " << a.message;
  }
}

}  // namespace
}  // namespace plasa::trainer
